package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests when {@code ./market-stream} builds. Maven and Java are scripts here that record their
 * calls, because a real build takes half a minute.
 */
@Tag("pipeline")
@Timeout(120)
class LauncherScriptIT {
  private static final List<String> JARS =
      List.of(
          "market-data-model",
          "auditor",
          "feed-core",
          "finnhub-source-connector",
          "coincap-source-connector",
          "coinbase-source-connector",
          "spark-job",
          "market-data-api",
          "schema-migration",
          "local/feed-simulator",
          "local/embedded-stack",
          "local/local-pipeline");

  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  @TempDir Path folder;
  private Path root;
  private Path library;

  private record Ended(int code, String output) {}

  @BeforeEach
  void makeRepository() throws IOException {
    root = folder.resolve("clone");
    library = folder.resolve("m2/library.jar");
    Path script = TestStack.ROOT.resolve("market-stream");
    Files.createDirectories(root);
    Files.copy(script, root.resolve("market-stream"));
    write("pom.xml", "<project>\n<version>1.0</version>\n</project>\n");
    write("build/layout.xml", "<assembly/>");
    for (String module : JARS) {
      write(module + "/pom.xml", "<project/>");
      write(module + "/src/main/java/A.java", "class A {}");
    }
    for (String part : List.of("kafka", "connect", "cassandra", "spark", "spark-4.2")) {
      write("local/embedded-stack/classpaths/" + part + "/pom.xml", "<project/>");
    }
    write("local/local-pipeline/src/main/help/up.txt", "the options of up\n");
    executable("jdk/bin/javac", "exit 0");
    executable(
        "jdk/bin/java",
        "case $1 in -version) echo 'openjdk version \"17.0.1\"' >&2 ;; *) echo started ;; esac");
    // The results of the build: jars, and class paths that name a file outside the repository.
    executable(
        "bin/mvn",
        String.join(
            "\n",
            "echo \"$*\" >>'" + folder + "/builds'",
            "[ ! -e '" + folder + "/slow' ] || sleep 5",
            "[ ! -e '" + folder + "/broken' ] || { echo '[ERROR] no'; exit 1; }",
            "mkdir -p '" + library.getParent() + "'; : >'" + library + "'",
            "for m in " + String.join(" ", JARS) + "; do",
            "  mkdir -p $m/target; : >$m/target/${m##*/}-1.0.jar",
            "done",
            "for m in auditor local/local-pipeline local/embedded-stack/classpaths/*; do",
            "  mkdir -p $m/target; echo '" + library + ":" + library + "' >$m/target/classpath.txt",
            "done"));
  }

  @Test
  void builtModulesAreNotBuiltAgain() throws Exception {
    Ended first = run("up");
    assertThat(first.code()).isZero();
    assertThat(first.output()).startsWith("building: the first time").endsWith("started\n");

    assertThat(run("up")).isEqualTo(new Ended(0, "started\n"));
    assertThat(builds()).isEqualTo(1);
  }

  /** {@code rsync -t}, {@code tar} and {@code cp -p} copy sources with their original times. */
  @Test
  void aChangedSourceWithAnOldTimeIsBuilt() throws Exception {
    run("up");
    Path source = write("spark-job/src/main/java/A.java", "class A { int changed; }");
    Files.setLastModifiedTime(source, FileTime.fromMillis(0));

    assertThat(run("up").output()).contains("building what has changed");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aMissingFileIsBuiltOrFetchedAgain() throws Exception {
    run("up");
    List<Path> files =
        List.of(
            root.resolve("local/local-pipeline/target/local-pipeline-1.0.jar"),
            root.resolve("local/embedded-stack/classpaths/spark/target/classpath.txt"),
            library);
    for (Path file : files) {
      Files.delete(file);
      assertThat(run("up").code()).isZero();
      assertThat(file).exists();
    }
    assertThat(builds()).isEqualTo(1 + files.size());
  }

  @Test
  void aJreIsRefusedBeforeMavenRuns() throws Exception {
    Files.delete(folder.resolve("jdk/bin/javac"));

    assertThat(run("up"))
        .isEqualTo(
            new Ended(
                1,
                "market-stream: there is no javac in JAVA_HOME ("
                    + folder.resolve("jdk")
                    + "). Set JAVA_HOME to a JDK 17, not to a JRE\n"));
    assertThat(builds()).isZero();
  }

  @Test
  void twoAtOnceInOneCloneBuildOnce() throws Exception {
    Files.createFile(folder.resolve("slow"));
    Process first = start("up");
    Process second = start("up");

    assertThat(List.of(ended(first), ended(second)))
        .allMatch(one -> one.code() == 0 && one.output().endsWith("started\n"))
        .anyMatch(
            one ->
                one.output()
                    .contains("another market-stream builds or measures here; waiting for it"));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void theLockOfAKilledBuildDoesNotBlock() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    write("target/build.lock/pid", Long.toString(dead.pid()));

    assertThat(run("up").code()).isZero();
    assertThat(root.resolve("target/build.lock")).doesNotExist();
  }

  @Test
  void onlyRealTimeFetchesTheNewerSpark() throws Exception {
    run("up", "--duration", "5s");
    assertThat(Files.readString(folder.resolve("builds"))).doesNotContain("4.2", "real-time");

    assertThat(run("up", "--real-time", "--clean").output())
        .contains("the first --real-time downloads Spark 4.2, about 300 MB");
    assertThat(Files.readAllLines(folder.resolve("builds")).get(1))
        .startsWith("-B -Dquick -Preal-time -pl market-data-model,")
        .endsWith(",local/embedded-stack/classpaths/spark-4.2 package");
    assertThat(run("up", "--real-time")).isEqualTo(new Ended(0, "started\n"));
    assertThat(run("up")).isEqualTo(new Ended(0, "started\n"));
    Files.delete(root.resolve("local/embedded-stack/classpaths/spark-4.2/target/classpath.txt"));
    assertThat(run("up")).isEqualTo(new Ended(0, "started\n"));
    assertThat(run("up", "--real-time").output()).contains("building what has changed");
    assertThat(builds()).isEqualTo(3);
  }

  /**
   * Otherwise an audit of some tables would download Kafka's broker, Connect, Cassandra and Spark.
   */
  @Test
  void anAuditBuildsTheAuditorAlone() throws Exception {
    Ended audit = run("audit");

    assertThat(audit.output()).startsWith("building: ").endsWith("started\n");
    assertThat(Files.readString(folder.resolve("builds")))
        .isEqualTo("-B -Dquick -pl market-data-model,auditor package\n");
    write("spark-job/src/main/java/A.java", "class A { int changed; }");
    assertThat(run("audit")).isEqualTo(new Ended(0, "started\n"));
  }

  @Test
  void anExportBuildsTheApiAlone() throws Exception {
    Ended export = run("export");

    assertThat(export.output()).startsWith("building: ").endsWith("started\n");
    assertThat(Files.readString(folder.resolve("builds")))
        .isEqualTo("-B -Dquick -pl market-data-model,market-data-api package\n");
    write("spark-job/src/main/java/A.java", "class A { int changed; }");
    assertThat(run("export")).isEqualTo(new Ended(0, "started\n"));
  }

  @Test
  void aStatusBuildsTheApiAloneAndFailsWithTwo() throws Exception {
    assertThat(run("status").output()).startsWith("building: ").endsWith("started\n");

    assertThat(Files.readString(folder.resolve("builds")))
        .isEqualTo("-B -Dquick -pl market-data-model,market-data-api package\n");
    write("market-data-api/src/main/java/A.java", "class A { int changed; }");
    Files.createFile(folder.resolve("broken"));
    assertThat(run("status").code()).as("1 would mean that something is not healthy").isEqualTo(2);
  }

  /** A jar that is replaced would break the API that runs from it. */
  @Test
  void anExportOrAStatusUsesTheJarOfARunningUp() throws Exception {
    run("up");

    assertThat(run("status")).isEqualTo(new Ended(0, "started\n"));
    assertThat(run("export")).isEqualTo(new Ended(0, "started\n"));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aBenchmarkIsRunByMavenWithItsOptions() throws Exception {
    Ended bench =
        run("bench", "growth", "--rounds=2", "--change=linger.ms=0;buffer.max.records=100");

    assertThat(bench.code()).isZero();
    assertThat(Files.readString(folder.resolve("builds")))
        .startsWith("-B verify -Pbench -pl benchmarks -am ")
        .endsWith(
            " -Dit.test=ConnectorBenchIT#growth,JobBenchIT#symbols -Dmarketstream.bench.rounds=2"
                + " -Dmarketstream.bench.change=linger.ms=0;buffer.max.records=100\n");
    assertThat(root.resolve("target/build.lock")).doesNotExist();
  }

  @Test
  void aWrongBenchOptionIsOneLine() throws Exception {
    for (List<String> nonsense :
        List.of(
            List.of("bench", "speed"),
            List.of("bench", "job", "--rounds=many"),
            List.of("bench"),
            List.of("bench", "job", "--rounds=0"),
            List.of("bench", "job", "--rounds=99999999999"),
            List.of("bench", "job", "--change=linger"),
            List.of("bench", "job", "--loops=3"))) {
      Ended bench = run(nonsense.toArray(String[]::new));
      assertThat(bench.code()).isEqualTo(2);
      assertThat(bench.output())
          .startsWith("market-stream: ")
          .endsWith(". ./market-stream bench --help shows what there is\n")
          .hasLineCount(1);
    }
    assertThat(builds()).isZero();
  }

  @Test
  void aFailedBenchmarkEndsWithOne() throws Exception {
    Files.createFile(folder.resolve("broken"));

    Ended bench = run("bench", "job");
    assertThat(bench.code()).isEqualTo(1);
    assertThat(bench.output()).contains("[ERROR] no\nmarket-stream: the benchmark failed (log: ");
  }

  @Test
  void aBenchmarkEndsWithItsScript() throws Exception {
    executable("bin/mvn", "echo $$ >'" + folder + "/maven'; exec sleep 100");
    Process bench = start("bench", "job");
    await().atMost(A_MINUTE).until(() -> Files.exists(folder.resolve("maven")));
    long maven = Long.parseLong(awaitText(folder.resolve("maven")));

    bench.toHandle().destroy(); // SIGTERM

    // Not ended(bench), which would wait until every remaining process closes the output.
    assertThat(bench.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(bench.exitValue()).isEqualTo(143);
    await()
        .atMost(A_MINUTE)
        .until(() -> ProcessHandle.of(maven).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(root.resolve("target/build.lock")).doesNotExist();
  }

  private static String awaitText(Path file) {
    return await()
        .atMost(A_MINUTE)
        .until(() -> Files.readString(file).strip(), text -> !text.isEmpty());
  }

  /** The script names methods of tests. A renamed method would run nothing. */
  @Test
  void everyBenchmarkIsATestThatExists() throws Exception {
    List<String> named =
        Pattern.compile("tests=(\\S+)")
            .matcher(Files.readString(TestStack.ROOT.resolve("market-stream")))
            .results()
            .flatMap(tests -> Stream.of(tests.group(1).split(",")))
            .toList();

    assertThat(named).hasSizeGreaterThan(5);
    for (String tests : named) {
      String[] parts = tests.split("[#+]", -1);
      String source =
          Files.readString(
              TestStack.ROOT.resolve(
                  "benchmarks/src/test/java/io/marketstream/benchmarks/run/" + parts[0] + ".java"));
      for (int i = 1; i < parts.length; i++) {
        assertThat(source).contains("  @Test\n  void " + parts[i] + "() ");
      }
    }
  }

  /** Its class paths name jars relative to their folder, wherever the release was unpacked. */
  @Test
  void aReleaseIsStartedWithoutABuild() throws Exception {
    write("VERSION", "2.0\n");
    write("classpaths/auditor.txt", "../lib/a-1.jar:../lib/b-1.jar\n");
    write("classpaths/local-pipeline.txt", "../lib/a-1.jar\n");
    write("help/up.txt", "the options of a release\n");
    executable(
        "jdk/bin/java",
        "case $1 in -version) echo 'openjdk version \"17.0.1\"' >&2 ;; *) echo \"$*\" ;; esac");

    assertThat(run("audit", "--last", "1h").output())
        .contains("-cp " + root + "/lib/auditor-2.0.jar:" + root + "/classpaths/../lib/a-1.jar:")
        .contains("/classpaths/../lib/b-1.jar io.marketstream.auditor.cli.AuditMain --last 1h")
        .doesNotContain("marketstream.root");
    assertThat(run("up").output())
        .contains("-Dmarketstream.root=" + root + " ")
        .contains("/lib/local-pipeline-2.0.jar:" + root + "/classpaths/../lib/a-1.jar ")
        .endsWith("io.marketstream.local.MarketStream up\n");
    assertThat(run("up", "--help")).isEqualTo(new Ended(0, "the options of a release\n"));
    assertThat(run("bench", "job").output()).contains("a release has no sources");
    assertThat(builds()).isZero();
    assertThat(root.resolve("target")).doesNotExist();
  }

  @Test
  void anUnknownCommandIsOneLine() throws Exception {
    assertThat(run("fly"))
        .isEqualTo(
            new Ended(
                2,
                "market-stream: there is no command 'fly'."
                    + " ./market-stream --help shows those that there are\n"));
    assertThat(builds()).isZero();
  }

  @Test
  void helpNeedsNoBuild() throws Exception {
    assertThat(run("up", "--help")).isEqualTo(new Ended(0, "the options of up\n"));
    assertThat(builds()).isZero();
  }

  /** Exit code 1 would mean that the audit has findings. */
  @Test
  void aFailedBuildIsReportedInOneLine() throws Exception {
    Files.createFile(folder.resolve("broken"));

    Ended up = run("up");
    assertThat(up.code()).isEqualTo(1);
    assertThat(up.output()).contains("[ERROR] no\nmarket-stream: the build failed (log: ");
    assertThat(run("audit").code()).isEqualTo(2);
    assertThat(run("audit").output()).contains("the build failed");
    assertThat(root.resolve("target/build.lock")).doesNotExist();
  }

  private Ended run(String... arguments) throws Exception {
    return ended(start(arguments));
  }

  private Process start(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", root.resolve("market-stream").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().compute("PATH", (name, path) -> folder.resolve("bin") + ":" + path);
    return builder.directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private static Ended ended(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private long builds() throws IOException {
    Path told = folder.resolve("builds");
    if (!Files.exists(told)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(told)) {
      return lines.count();
    }
  }

  private Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private void executable(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/usr/bin/env bash\n" + text + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
