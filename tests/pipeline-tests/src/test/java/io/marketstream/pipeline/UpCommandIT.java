package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.local.run.LocalPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs {@code up} as a process of its own, as the script starts it, on free ports. */
@Tag("pipeline")
@Execution(ExecutionMode.SAME_THREAD)
class UpCommandIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path home;
  private final LocalPorts ports =
      new LocalPorts(FreePorts.next(), FreePorts.next(), FreePorts.next());
  private Process process;
  private int run;

  @AfterEach
  void killWhatStillRuns() {
    if (process != null && process.isAlive()) {
      process.destroyForcibly(); // its child processes end with it
    }
  }

  @Test
  void theReportHasAllFields() throws Exception {
    runForFiveSeconds();

    JsonNode first = report();
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "duration_s",
            "ticks_sent",
            "ticks_in_kafka",
            "ticks_in_cassandra",
            "gaps",
            "rejected",
            "latency_ms",
            "components");
    assertThat(first.get("duration_s").asDouble()).isGreaterThanOrEqualTo(5);
    assertEverythingArrived(first);
    assertThat(first.get("gaps").asLong()).as("gaps of a first run").isZero();
    assertThat(first.get("rejected").asLong()).isZero();
    assertThat(first.get("components").findValuesAsText("version")).hasSize(6).doesNotContain("");
    assertThat(output()).contains("SIMULATED");
    assertNothingRuns();
  }

  @Test
  @Tag("extended")
  void aSecondRunContinuesAndRecordsTheDowntime() throws Exception {
    runForFiveSeconds();
    // The jar of an older connector. The worker must not find it any longer.
    Path old = Files.createDirectories(home.resolve("data/plugins/an-old-plugin"));

    upUntilPricesAreShown();
    assertThat(old).doesNotExist();
    assertThat(aSecondUp("data", List.of())).contains("Another market-stream runs on ");
    assertThat(aSecondUp("other", List.of("--duration", "5s")))
        .contains("Port " + ports.kafka() + ", which Kafka needs, is taken");
    assertThat(process.isAlive()).isTrue();

    process.destroy(); // SIGTERM
    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    assertEverythingArrived(report());
    assertThat(report().get("gaps").asLong()).as("the downtime, per symbol").isPositive();
    assertNothingRuns();
  }

  @Test
  @Tag("extended")
  void inRealTimeModeEverythingArrivesAndTheOtherModeIsRefused() throws Exception {
    up("--duration", "5s", "--real-time");
    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();

    assertEverythingArrived(report());
    assertThat(report().at("/components/spark/version").asText()).startsWith("4.2.");
    assertThat(home.resolve("data/logs/spark.log")).content().contains("trigger=RealTime[");
    assertThat(aSecondUp("data", List.of("--duration", "5s")).lines())
        .singleElement()
        .asString()
        .contains("holds data of a run with --real-time");
    assertNothingRuns();
  }

  /** The job is frozen, so the last ticks are not in the table when the run ends. */
  @Test
  @Tag("extended")
  void anIncompleteRunEndsWithThree() throws Exception {
    upUntilPricesAreShown();
    ProcessHandle job =
        process
            .descendants()
            // The class name comes after the class path, which is too long to be shown.
            .filter(child -> isIn(home.resolve("data/spark"), child))
            .findFirst()
            .orElseThrow();
    signal("STOP", job);
    // The feeds send about a hundred ticks.
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    process.destroy();
    await().atMost(TIMEOUT).until(() -> output().contains("draining: "));
    process.destroy(); // the second signal ends it at once

    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isEqualTo(3);
    assertThat(report().get("ticks_in_cassandra").asLong())
        .isLessThan(report().get("ticks_sent").asLong());
    assertNothingRuns();
  }

  private void upUntilPricesAreShown() throws IOException {
    up(); // until it is stopped
    await()
        .atMost(TIMEOUT)
        .until(
            () -> !process.isAlive() || output().contains("ticks/s") || output().contains("AAPL"));
    assertThat(process.isAlive()).as(output()).isTrue();
  }

  private static boolean isIn(Path folder, ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("-Djava.io.tmpdir=" + folder);
  }

  private static void signal(String name, ProcessHandle to) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Starts a second {@code up} beside the running one, and returns its error message. */
  private String aSecondUp(String data, List<String> options) throws Exception {
    Path said = home.resolve("second-" + data + ".txt");
    Process second = start(data, options, said);
    assertThat(second.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    return Files.readString(said);
  }

  @Test
  void aTakenPortIsOneLineThatNamesItAndNothingIsStarted() throws Exception {
    try (ServerSocket other =
        new ServerSocket(ports.connect(), 1, InetAddress.getLoopbackAddress())) {
      up("--duration", "5s");
      assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(output().lines())
          .singleElement()
          .asString()
          .contains("Port " + other.getLocalPort() + ", which Kafka Connect needs, is taken");
      assertThat(home.resolve("logs")).as("a log where it was called").doesNotExist();
      assertThat(home.resolve("data/logs")).doesNotExist();
    }
  }

  private void runForFiveSeconds() throws Exception {
    up("--duration", "5s");
    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
  }

  private void up(String... options) throws IOException {
    run++;
    List<String> all =
        new ArrayList<>(List.of("--report", home.resolve("report-" + run + ".json").toString()));
    all.addAll(List.of(options));
    process = start("data", all, home.resolve("output-" + run + ".txt"));
  }

  private Process start(String data, List<String> options, Path output) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("up", "--data-dir", home.resolve(data).toString()));
    arguments.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(MarketStreamCommand.line(TestStack.ROOT, arguments))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder
        .environment()
        .put(LocalPorts.VARIABLE, ports.kafka() + "," + ports.connect() + "," + ports.cassandra());
    builder.environment().keySet().removeAll(List.of("FINNHUB_TOKEN", "COINCAP_API_KEY"));
    return builder.start();
  }

  private String output() throws IOException {
    return Files.readString(home.resolve("output-" + run + ".txt"));
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(home.resolve("report-" + run + ".json").toFile());
  }

  private static void assertEverythingArrived(JsonNode report) {
    assertThat(report.get("ticks_sent").asLong()).isPositive();
    assertThat(report.get("ticks_in_kafka")).isEqualTo(report.get("ticks_sent"));
    assertThat(report.get("ticks_in_cassandra")).isEqualTo(report.get("ticks_sent"));
  }

  private void assertNothingRuns() {
    assertThat(
            ProcessHandle.allProcesses()
                .map(ProcessHandle::info)
                .flatMap(info -> info.commandLine().stream())
                .filter(line -> line.contains(home.toString())))
        .isEmpty();
    assertThat(Stream.of(ports.kafka(), ports.connect(), ports.cassandra()))
        .allMatch(FreePorts::isFree);
  }
}
