package io.marketstream.auditor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit that could not be made must not look like an audit with findings. */
class AuditExitCodeTest {
  private static final Path SCRIPT = Path.of("../market-stream").toAbsolutePath().normalize();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir Path folder;
  private String output;

  @Test
  void aHeapThatIsTooSmall() throws Exception {
    Path journal = folder.resolve("sent.json");
    try (BufferedWriter lines = Files.newBufferedWriter(journal)) {
      for (int i = 0; i < 150_000; i++) {
        lines.write(
            "{\"feed\":\"finnhub\",\"connection\":1,\"connectionOpenedAt\":1,\"symbol\":\"AAPL\","
                + "\"price\":\"1\",\"sequence\":1,\"index\":1,\"writtenAt\":1}\n");
      }
    }

    int code =
        run(
            Map.of(),
            List.of(
                JAVA,
                "-Xmx20m",
                "-XX:+UseSerialGC",
                "-Dmarketstream.root=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                "io.marketstream.auditor.cli.AuditMain",
                "--sent",
                journal.toString()));

    assertThat(code).as(output).isEqualTo(AuditMain.NO_AUDIT);
    assertThat(output.lines())
        .singleElement()
        .asString()
        .contains("MARKET_STREAM_AUDIT_HEAP", "--last");
  }

  @Test
  void aJavaThatIsMissing() throws Exception {
    Map<String, String> noJava = Map.of("JAVA_HOME", folder.toString());

    assertThat(run(noJava, List.of(SCRIPT.toString(), "audit"))).as(output).isEqualTo(2);
    assertThat(output.lines()).singleElement().asString().contains("no java in JAVA_HOME");
    assertThat(run(noJava, List.of(SCRIPT.toString(), "up"))).as(output).isEqualTo(1);
  }

  @Test
  void aBuildThatFails() throws Exception {
    Path script = copyOfTheScript();
    stub("mvn", "echo '[ERROR] no such module'; exit 1");
    Map<String, String> environment = Map.of("PATH", path(), "JAVA_HOME", javaHome());

    assertThat(run(environment, List.of(script.toString(), "audit"))).as(output).isEqualTo(2);
    assertThat(output).contains("the build failed");
    assertThat(run(environment, List.of(script.toString(), "up"))).as(output).isEqualTo(1);
  }

  @Test
  void aHeapThatNoJvmCanHave() throws Exception {
    Path script = copyOfTheScript();
    Files.createDirectories(folder.resolve("auditor/target"));
    stub("mvn", "exit 0");

    int code =
        run(
            Map.of("MARKET_STREAM_AUDIT_HEAP", "much", "PATH", path(), "JAVA_HOME", javaHome()),
            List.of(script.toString(), "audit"));

    assertThat(code).as(output).isEqualTo(2);
    assertThat(output).contains("MARKET_STREAM_AUDIT_HEAP=much");
  }

  /** Copies the script into a folder in which nothing is built. */
  private Path copyOfTheScript() throws IOException {
    Path script = Files.copy(SCRIPT, folder.resolve("market-stream"));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private void stub(String command, String body) throws IOException {
    Path stub = Files.createDirectories(folder.resolve("bin")).resolve(command);
    Files.writeString(stub, "#!/bin/sh\n" + body + "\n");
    assertThat(stub.toFile().setExecutable(true)).isTrue();
  }

  private String path() {
    return folder.resolve("bin") + ":" + System.getenv("PATH");
  }

  private static String javaHome() {
    return System.getProperty("java.home");
  }

  private int run(Map<String, String> environment, List<String> command) throws Exception {
    Path to = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(to.toFile());
    builder.environment().remove("MARKET_STREAM_AUDIT_HEAP");
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    output = Files.readString(to);
    assertThat(ended).as(output).isTrue();
    return process.exitValue();
  }
}
