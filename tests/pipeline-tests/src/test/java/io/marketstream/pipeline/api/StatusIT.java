package io.marketstream.pipeline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.model.Topics;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code ./market-stream status} as a process beside a whole pipeline, which then breaks. */
@Tag("pipeline")
@Tag("extended")
@Isolated("it has seconds to read everything, and other tests take all of the processor")
class StatusIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(150);
  private static final long SEED = Long.getLong("marketstream.seed", 20261130L);
  private static final double FINNHUB_RATE = 20;
  private static final double COINCAP_RATE = 10;
  private static final int ROWS_PER_SYMBOL = 20;
  private static final List<String> OF_CASSANDRA = List.of("job", "latency", "gaps", "today");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path home;

  /** How a status has ended. */
  private record Ended(int code, String out, String err, Duration took) {
    JsonNode json() {
      try {
        return JSON.readTree(out);
      } catch (IOException e) {
        throw new AssertionError(out, e);
      }
    }

    List<String> problems() {
      List<String> problems = new ArrayList<>();
      json().path("problems").forEach(problem -> problems.add(problem.asText()));
      return problems;
    }
  }

  @Test
  void itsFiguresAreThoseOfTopicsAndTablesAndItNamesWhatIsBroken() throws Exception {
    System.out.println("StatusIT seed " + SEED);
    try (TestPipeline pipeline =
        new TestPipeline(
                TestStack.single(home).build(),
                FeedRates.withoutCoinbase(FINNHUB_RATE, COINCAP_RATE),
                SEED)
            .start("AAPL,MSFT", "bitcoin")) {
      pipeline.awaitRows(TestPipeline.FINNHUB, 100, TIMEOUT);
      pipeline.awaitRows(TestPipeline.COINCAP, 50, TIMEOUT);
      writeRunningFile(pipeline.stack);

      aHealthyRun();
      theFiguresOfAPausedFeed(pipeline);
      aGap(pipeline);
      aStoppedConnector(pipeline);
      aStoppedJob(pipeline);
      cassandraAway(pipeline);
    }
  }

  private void aHealthyRun() throws Exception {
    Ended healthy =
        await()
            .atMost(TIMEOUT)
            .until(this::status, each -> each.code() == 0 && isSteady(each.json()));

    JsonNode json = healthy.json();
    assertThat(json.get("healthy").asBoolean()).isTrue();
    assertThat(json.get("connectors").findValuesAsText("name"))
        .containsExactly(TestPipeline.COINCAP_CONNECTOR, TestPipeline.FINNHUB_CONNECTOR);
    assertThat(json.get("connectors").findValuesAsText("state"))
        .as("of two connectors and their tasks")
        .hasSize(4)
        .containsOnly("RUNNING");
    assertThat(json.get("feeds").findValuesAsText("source"))
        .containsExactly(TestPipeline.COINCAP, TestPipeline.FINNHUB);
    assertThat(json.get("feeds").findValues("symbols")).map(JsonNode::asInt).containsExactly(1, 2);
    assertThat(json.get("feeds").findValues("feed_delay_ms"))
        .allSatisfy(delay -> assertThat(delay.asLong()).isBetween(0L, 2_000L));
    assertThat(json.at("/job/0/behind_ms").asLong()).isLessThan(15_000);
    assertThat(json.get("gaps")).isEmpty();
    assertThat(json.get("today").findValues("percent"))
        .hasSize(2)
        .allSatisfy(percent -> assertThat(percent.asDouble()).isEqualTo(100));
    Ended screen = run(List.of("--data-dir=" + home));
    assertThat(screen.out())
        .contains("everything is healthy", "finnhub-source", "none in the last hour")
        .doesNotContain("\u001b", "!", "cannot be read");
    assertThat(screen.out().lines()).hasSizeLessThanOrEqualTo(24).allMatch(l -> l.length() < 100);
  }

  /**
   * Whether the rate is about right. It is measured over two seconds, and the machine may be busy.
   */
  private static boolean isSteady(JsonNode status) {
    double ratio = status.at("/ticks/per_second").asDouble() / (FINNHUB_RATE + COINCAP_RATE);
    return ratio > 0.5 && ratio < 1.5;
  }

  /** Nothing moves now, so each figure has one right value. */
  private void theFiguresOfAPausedFeed(TestPipeline pipeline) throws Exception {
    pipeline.pauseSending();
    await("the tables have what was sent")
        .atMost(TIMEOUT)
        .until(() -> rows(pipeline).size() == pipeline.sent());

    Ended paused =
        await()
            .atMost(TIMEOUT)
            .until(this::status, each -> each.json().at("/job/0/lag_records").asLong() == 0);

    assertThat(paused.code()).as(paused.out()).isZero();
    assertThat(paused.json().at("/ticks/records").asLong()).isZero();
    for (JsonNode latency : paused.json().get("latency")) {
      List<Long> delays = newestDelays(rows(pipeline), latency.get("source").asText());
      assertThat(latency.get("rows").asInt()).isEqualTo(delays.size());
      assertThat(latency.get("max_ms").asLong()).isEqualTo(delays.get(delays.size() - 1));
      assertThat(latency.get("median_ms").asLong()).isEqualTo(delays.get(delays.size() / 2));
    }
    pipeline.resumeSending();
  }

  private void aGap(TestPipeline pipeline) throws Exception {
    pipeline.finnhub.faults().drop();
    await("both gaps are over")
        .atMost(TIMEOUT)
        .until(() -> gaps(pipeline).stream().filter(gap -> !gap.isNull("gap_end")).count() == 2);
    pipeline.awaitRowsOfEachFeedSince(Instant.now(), TIMEOUT);

    Ended withGap = status();

    assertThat(withGap.code()).isEqualTo(1);
    assertThat(withGap.problems()).contains("gaps: finnhub-sim: 2 gaps in the last hour");
    JsonNode gaps = withGap.json().at("/gaps/0");
    assertThat(gaps.get("symbols").asInt()).isEqualTo(2);
    assertThat(gaps.get("open").asInt()).isZero();
    assertThat(gaps.at("/causes/CONNECTION_LOST").asInt()).isEqualTo(2);
    assertThat(gaps.get("longest_ms").asLong())
        .isEqualTo(gaps(pipeline).stream().mapToLong(StatusIT::length).max().orElseThrow());
    JsonNode today = withGap.json().at("/today/1");
    assertThat(today.get("source").asText()).isEqualTo(TestPipeline.FINNHUB);
    long gapMs = gaps(pipeline).stream().mapToLong(StatusIT::length).sum();
    assertThat(today.get("gap_ms").asLong()).isEqualTo(gapMs);
    assertThat(today.get("percent").asDouble())
        .isLessThan(100)
        .isCloseTo(
            100.0 * today.get("covered_ms").asLong() / (today.get("covered_ms").asLong() + gapMs),
            Offset.offset(0.001));
    assertThat(withGap.json().at("/today/0/percent").asDouble()).isEqualTo(100);
  }

  private void aStoppedConnector(TestPipeline pipeline) throws Exception {
    pipeline
        .stack
        .connect
        .rest()
        .call("PUT", "/connectors/" + TestPipeline.COINCAP_CONNECTOR + "/stop", null);

    Ended stopped =
        await()
            .atMost(TIMEOUT)
            .until(
                this::status,
                each -> each.problems().contains("connectors: coincap-source is STOPPED"));

    assertThat(stopped.code()).isEqualTo(1);
    assertThat(stopped.json().at("/connectors/1/state").asText()).isEqualTo("RUNNING");
  }

  private void aStoppedJob(TestPipeline pipeline) throws Exception {
    pipeline.stack.job.stop();
    long sent = pipeline.sent();
    await("more ticks").atMost(TIMEOUT).until(() -> pipeline.sent() > sent + 40);
    pipeline.pauseSending();
    await("all are in the topic")
        .atMost(TIMEOUT)
        .until(
            () -> {
              Map<String, Long> ends = pipeline.stack.ends(Topics.TICKS);
              TimeUnit.SECONDS.sleep(1);
              return ends.equals(pipeline.stack.ends(Topics.TICKS));
            });
    long inTopic =
        pipeline.stack.ends(Topics.TICKS).values().stream().mapToLong(Long::longValue).sum();

    Ended behind =
        await()
            .atMost(TIMEOUT)
            .until(
                () -> status("--max-delay=3s"),
                each -> each.problems().stream().anyMatch(line -> line.startsWith("job: ")));

    long lag = inTopic - rows(pipeline).size();
    assertThat(lag).isGreaterThan(20);
    assertThat(behind.json().at("/job/0/lag_records").asLong()).isEqualTo(lag);
    assertThat(behind.problems())
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches("job: \\w+ last reported .* ago \\(" + lag + " records\\).*"));
  }

  private void cassandraAway(TestPipeline pipeline) throws Exception {
    int port = pipeline.stack.cassandra.cqlAddress().getPort();
    pipeline.stack.cassandra.stop();

    Ended away = status();

    assertThat(away.code()).isEqualTo(1);
    assertThat(away.took()).isLessThan(Duration.ofSeconds(20));
    for (String part : OF_CASSANDRA) {
      assertThat(away.json().at("/" + part + "/error").asText())
          .as(part)
          .contains("Cassandra cannot be reached at 127.0.0.1:" + port);
    }
    assertThat(away.json().get("connectors")).hasSize(2);
    assertThat(away.json().at("/ticks/seconds").asDouble()).isGreaterThanOrEqualTo(2);
    Ended nothing = run(List.of("--cassandra=127.0.0.1:" + FreePorts.next()));
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).isEqualTo("market-stream: nothing can be read. Check the options\n");
  }

  /** What {@code up} writes into its data folder. */
  private void writeRunningFile(TestStack stack) throws IOException {
    Files.writeString(
        home.resolve("running"),
        "kafka="
            + stack.kafka.bootstrapServers().replaceFirst(".*:", "")
            + "\nconnect="
            + stack.connect.restUri().getPort()
            + "\ncassandra="
            + stack.cassandra.cqlAddress().getPort()
            + "\n");
  }

  private Ended status(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--json", "--timeout=40s", "--data-dir=" + home));
    all.addAll(List.of(options));
    return run(all);
  }

  private Ended run(List<String> options) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                BuiltModule.jar("market-data-api").toString(),
                "status"));
    line.addAll(options);
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(line)
            .redirectOutput(home.resolve("status.out").toFile())
            .redirectError(home.resolve("status.err").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("a status ends").isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(home.resolve("status.out")),
        Files.readString(home.resolve("status.err")),
        Duration.ofNanos(System.nanoTime() - begin));
  }

  private static List<Row> rows(TestPipeline pipeline) {
    return pipeline
        .cassandra()
        .execute(
            "SELECT source, symbol, event_time, session, sequence, received_at,"
                + " writetime(kind) AS written FROM ticks")
        .all();
  }

  private static List<Row> gaps(TestPipeline pipeline) {
    return pipeline.cassandra().execute("SELECT * FROM feed_gaps").all();
  }

  private static long length(Row gap) {
    return Duration.between(gap.getInstant("gap_start"), gap.getInstant("gap_end")).toMillis();
  }

  /** Write time − received_at of the newest rows of each symbol, sorted. */
  private static List<Long> newestDelays(List<Row> rows, String source) {
    return rows.stream()
        .filter(row -> source.equals(row.getString("source")))
        .collect(Collectors.groupingBy(row -> row.getString("symbol")))
        .values()
        .stream()
        .flatMap(
            ofSymbol ->
                ofSymbol.stream()
                    .sorted(
                        Comparator.<Row, Instant>comparing(row -> row.getInstant("event_time"))
                            .thenComparing(row -> row.getLong("session"))
                            .thenComparing(row -> row.getLong("sequence"))
                            .reversed())
                    .limit(ROWS_PER_SYMBOL))
        .map(row -> row.getLong("written") / 1000 - row.getInstant("received_at").toEpochMilli())
        .sorted()
        .toList();
  }
}
