package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.local.run.FileTree;
import io.marketstream.local.run.LocalPorts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the script {@code ./market-stream up} on a machine with unusual folder names, locale and
 * user. As root, it also runs it for a user id without a name, with a temporary folder that is
 * read-only.
 */
@Tag("pipeline")
@Tag("extended")
class UnusualMachineIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** A valid name with spaces, quotes, and letters of several alphabets. */
  private static final String ODD_NAME = "bö rse 用户 #1 (it's) & 100% +=@~^";

  /**
   * The script must not pass these variables on: in Turkish the upper case of i is not I,
   * SPARK_LOCAL_DIRS overrides Spark's own setting, and two JVMs cannot share a debugger's port.
   */
  private static final Map<String, String> ODD_ENVIRONMENT =
      Map.of(
          "LC_ALL", "C",
          "LANG", "tr_TR",
          "TZ", "Asia/Kathmandu",
          "_JAVA_OPTIONS", "-Duser.language=tr -Dfile.encoding=UTF-16 -Xmx32m",
          "JDK_JAVA_OPTIONS", "-Duser.timezone=Pacific/Apia",
          "JAVA_TOOL_OPTIONS", "-Duser.language=tr -Dfile.encoding=ISO-8859-9",
          "CLASSPATH", "/nowhere/old.jar",
          "SPARK_LOCAL_DIRS", "/proc/nowhere",
          "HADOOP_CONF_DIR", "/nowhere",
          "TMPDIR", "/nowhere");

  private final LocalPorts ports =
      new LocalPorts(FreePorts.next(), FreePorts.next(), FreePorts.next());
  private Path home;
  private Path clone;
  private Process process;

  @BeforeEach
  void cloneTheRepository() throws IOException {
    // Not below /tmp, because a test hides that folder.
    Path target = Files.createDirectories(TestStack.ROOT.resolve("tests/pipeline-tests/target"));
    home = Files.createTempDirectory(target, "any-machine");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    assumeTrue(
        "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding")),
        "this JVM cannot name a folder in Unicode");
    clone = Files.createDirectories(home.resolve(ODD_NAME));
    try (Stream<Path> entries = Files.list(TestStack.ROOT)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (name.equals("market-stream")) {
          Files.copy(entry, clone.resolve(name));
        } else if (!name.startsWith(".") && !name.equals("target")) {
          Files.createSymbolicLink(clone.resolve(name), entry);
        }
      }
    }
    // Everything is built, so the test puts a fake mvn on the path that always succeeds.
    Path maven = Files.createDirectories(home.resolve("bin")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\nexit 0\n");
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(clone, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @AfterEach
  void cleanUp() throws Exception {
    if (process != null && process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor(60, TimeUnit.SECONDS);
    }
    FileTree.delete(home);
  }

  @Test
  void everyTickArrives() throws Exception {
    Path report = home.resolve("report.json");

    run(List.of(), "up", "--duration", "3s", "--report", report.toString());

    assertThat(process.exitValue()).as(output()).isZero();
    JsonNode figures = new ObjectMapper().readTree(report.toFile());
    assertThat(figures.get("ticks_sent").asLong()).isPositive();
    assertThat(figures.get("ticks_in_cassandra")).isEqualTo(figures.get("ticks_sent"));
    assertThat(figures.get("rejected").asLong()).isZero();
    Path data = clone.resolve(".market-stream");
    for (String folder : List.of("kafka/data", "cassandra/data", "plugins", "checkpoint")) {
      assertThat(data.resolve(folder)).isNotEmptyDirectory();
    }
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("no folder with another spelling of the name")
          .containsExactlyInAnyOrder(ODD_NAME, "bin", "report.json", "output.txt");
    }
    assertThat(clone.resolve("?")).doesNotExist();
  }

  @Test
  void aMachineWithoutIpv4LoopbackIsRefusedInOneLine() throws Exception {
    assumeTrue(isRootWith("unshare", "ip"), "needs root, unshare and ip");

    run(
        List.of(
            "unshare",
            "-n",
            "sh",
            "-c",
            "ip link set lo up; ip -4 addr flush dev lo; exec \"$0\" \"$@\""),
        "up");

    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(lastLine()).startsWith("market-stream: This machine has no address 127.0.0.1");
    assertThat(clone.resolve(".market-stream")).doesNotExist();
  }

  @Test
  void aDataDirectoryWithoutExecutionIsRefusedInOneLine() throws Exception {
    assumeTrue(isRootWith("unshare", "mount"), "needs root, unshare and mount");
    Path data = Files.createDirectories(home.resolve("data"));

    run(
        List.of(
            "unshare",
            "-m",
            "sh",
            "-c",
            "mount -t tmpfs -o noexec tmpfs '" + data + "' && exec \"$0\" \"$@\""),
        "up",
        "--data-dir",
        data.toString());

    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(lastLine()).startsWith("market-stream: The data directory").contains("noexec");
  }

  /** Runs the script until it ends. */
  private void run(List<String> around, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(around);
    if (around.isEmpty() && isRootWith("unshare", "mount", "setpriv")) {
      line.addAll(
          List.of(
              "unshare",
              "-m",
              "sh",
              "-c",
              // In a place that does not hide the repository.
              (TestStack.ROOT.startsWith("/tmp")
                      ? ""
                      : "mount -t tmpfs -o ro,noexec tmpfs /tmp && ")
                  + "exec \"$0\" \"$@\"",
              "setpriv",
              "--reuid=4242",
              "--regid=4242",
              "--clear-groups",
              // Only root may be able to read the test's repository and Maven's.
              "--inh-caps=+dac_override",
              "--ambient-caps=+dac_override",
              "--securebits=+no_setuid_fixup"));
    }
    line.add(clone.resolve("market-stream").toString());
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(new File("/"))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output.txt").toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeAll(List.of("FINNHUB_TOKEN", "COINCAP_API_KEY"));
    environment.putAll(ODD_ENVIRONMENT);
    environment.remove("HOME");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put(
        LocalPorts.VARIABLE, ports.kafka() + "," + ports.connect() + "," + ports.cassandra());
    process = builder.start();
    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
  }

  private static boolean isRootWith(String... tools) {
    boolean root =
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/proc/self/ns"), LinkOption.NOFOLLOW_LINKS);
    return root
        && Stream.of(tools)
            .allMatch(
                tool ->
                    Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))));
  }

  private String output() throws IOException {
    return Files.readString(home.resolve("output.txt"));
  }

  private String lastLine() throws IOException {
    return output().lines().reduce("", (earlier, later) -> later);
  }
}
