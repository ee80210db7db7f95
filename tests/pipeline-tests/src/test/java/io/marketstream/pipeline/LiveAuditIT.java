package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.auditor.cli.InProcessAudit;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.local.run.FileTree;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits of one real pipeline while its feeds run. A healthy pipeline never has findings, whatever
 * the job does. Planted faults are found although new ticks arrive. The tests run in order, the
 * nested classes last, and what they change stays.
 */
@Tag("pipeline")
@Tag("extended")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class LiveAuditIT {
  private static final Logger LOG = LoggerFactory.getLogger(LiveAuditIT.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(150);
  private static final long SEED = Long.getLong("marketstream.seed", 20261128L);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long FOR_EVER_US = 9_000_000_000_000_000L;
  private static final String OF_APPLE = " WHERE source = 'finnhub-sim' AND symbol = 'AAPL'";
  private static final String OF_MICROSOFT = " WHERE source = 'finnhub-sim' AND symbol = 'MSFT'";

  @TempDir private static Path home;
  private TestPipeline pipeline;
  private CqlSession cassandra;
  private PipelineAudit audit;

  @BeforeAll
  void startPipeline() throws Exception {
    LOG.info("Seed {}", SEED);
    pipeline =
        new TestPipeline(TestStack.single(home).build(), FeedRates.withoutCoinbase(60, 30), SEED);
    pipeline.start("AAPL,MSFT,BINANCE:BTCUSDT", "bitcoin,ethereum");
    cassandra = pipeline.cassandra();
    audit = pipeline.audit();
    pipeline.awaitRows(TestPipeline.FINNHUB, 601, TIMEOUT);
  }

  @AfterAll
  void stopEverything() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  @Order(1)
  void aHealthyPipelineHasNoFindings() throws Exception {
    for (int i = 0; i < 5; i++) {
      for (boolean withTopics : List.of(true, false)) {
        AuditReport report = audit.live(withTopics);
        assertThat(report.findings()).as("audit %d, topics %s", i, withTopics).isEmpty();
        assertThat(report.counts().stored()).isGreaterThan(600);
        assertThat(report.counts().candlesChecked())
            .as("audit %d, topics %s: %s", i, withTopics, report.notes())
            .isGreaterThanOrEqualTo(10);
      }
    }
  }

  @Test
  @Order(2)
  void aFrozenOrDeadJobIsBehindAndLosesNothing() throws Exception {
    pipeline.stack.job.suspend();
    Thread.sleep(4_000); // the length of the outage
    assertIsBehind();
    pipeline.stack.job.resume();

    pipeline.stack.job.kill();
    Thread.sleep(4_000); // the length of the outage
    assertIsBehind();
    pipeline.stack.job.start();
    for (boolean withTopics : List.of(true, false)) {
      assertThat(audit.liveWithShortWait(withTopics).findings())
          .as("while it catches up, topics %s", withTopics)
          .isEmpty();
    }
  }

  /** The job starts with a new checkpoint. The tables keep their rows. */
  @Test
  @Order(3)
  void aRebuildIsNotALoss() throws Exception {
    pipeline.stack.job.kill();
    FileTree.delete(home.resolve("checkpoint"));
    pipeline.stack.job.start();
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              for (boolean withTopics : List.of(true, false)) {
                assertThat(audit.liveWithShortWait(withTopics).findings())
                    .as("topics %s", withTopics)
                    .isEmpty();
              }
              return audit.liveWithShortWait(true).onTheirWay() < 200;
            });
  }

  private void assertIsBehind() throws InterruptedException {
    AuditReport behind = audit.liveWithShortWait(true);
    assertThat(behind.findings()).isEmpty();
    assertThat(behind.onTheirWay()).isGreaterThan(100);
    assertThat(behind.notes())
        .anyMatch(note -> note.matches("the job is behind by \\d+ records: .* on their way.*"));
    AuditReport ofTables = audit.liveWithShortWait(false);
    assertThat(ofTables.findings()).isEmpty();
    assertThat(ofTables.notes()).anyMatch(note -> note.startsWith("the job is behind"));
  }

  /** A day ago another job kept candles of 5s, with another lateness. */
  @Test
  @Order(4)
  void candlesOfAnEarlierJobAreNotMissed() throws Exception {
    cassandra.execute(
        "INSERT INTO job_options (job, since, candles, lateness_ms, future_tolerance_ms, topics,"
            + " gaps_topic, rejected_topic, starting_offsets, version) VALUES ('earlier', ?,"
            + " ['5s', '1m'], 600000, 30000, ['market_data'], 'market_data_gaps',"
            + " 'market_data_rejected', 'earliest', 'x')",
        Instant.now().minus(Duration.ofDays(1)));

    for (boolean withTopics : List.of(true, false)) {
      await()
          .atMost(TIMEOUT)
          .until(
              () -> {
                AuditReport report = audit.live(withTopics);
                assertThat(report.findings()).isEmpty();
                return report.counts().candlesChecked()
                    > 0; // candles that opened since the job started
              });
    }
    cassandra.execute("DELETE FROM job_options WHERE job = 'earlier'");
  }

  private void plant() throws Exception {
    List<Row> rows = cassandra.execute("SELECT * FROM ticks" + OF_APPLE + " ALLOW FILTERING").all();
    assertThat(rows).hasSizeGreaterThan(200);
    Row unjustlyRejected = rows.get(rows.size() / 2);
    reject(unjustlyRejected);
    Row misplaced = rows.get(rows.size() / 2 + 5);
    delete(misplaced);
    insert(misplaced, misplaced.getInstant("hour").minus(1, ChronoUnit.HOURS));
    forgetAGapOfAQuietSymbol();
    cassandra.execute(
        "UPDATE latest_ticks USING TIMESTAMP "
            + FOR_EVER_US
            + " SET hour = ?, event_time = ?, session = ?, sequence = ?, kind = ?, price = ?,"
            + " volume = ?, conditions = ?, received_at = ?"
            + OF_MICROSOFT,
        frozen());
    Row candle =
        cassandra
            .execute(
                "SELECT month, open_time, volume FROM candles"
                    + OF_APPLE
                    + " AND interval = '1h' ALLOW FILTERING")
            .all()
            .get(0);
    cassandra.execute(
        "UPDATE candles USING TIMESTAMP "
            + FOR_EVER_US
            + " SET volume = ?"
            + OF_APPLE
            + " AND interval = '1h' AND month = ? AND open_time = ?",
        candle.getBigDecimal("volume").divide(BigDecimal.valueOf(2)),
        candle.getLocalDate("month"),
        candle.getInstant("open_time"));
    Thread.sleep(3_000); // longer than the margin that the audit allows for clocks
  }

  /**
   * Plants a reject of a good tick, a row in a wrong hour, and a different gap, candle and newest
   * tick.
   */
  @Nested
  @Order(1)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Planted {

    @BeforeAll
    void plantFaults() throws Exception {
      plant();
    }

    @RepeatedTest(2)
    void everyFaultIsFound() throws Exception {
      AuditReport report = audit.live(true);

      assertThat(report.findings())
          .as("%s", report.findings())
          .extracting(Finding::kind)
          .contains(
              FindingKind.MISPLACED,
              FindingKind.UNJUSTIFIED_REJECT,
              FindingKind.WRONG_GAP,
              FindingKind.WRONG_CANDLE,
              FindingKind.WRONG_LATEST)
          // The job did process the tick of the planted reject, so its candles contain it.
          .filteredOn(kind -> kind != FindingKind.WRONG_CANDLE)
          .hasSize(4);
      assertThat(report.findings(FindingKind.WRONG_CANDLE))
          .extracting(Finding::what)
          .anyMatch(what -> what.startsWith("1h candle of "))
          .allMatch(what -> what.contains("volume is "));
      assertThat(report.findings()).allSatisfy(finding -> assertThat(finding.what()).isNotBlank());
    }

    @RepeatedTest(2)
    void theTablesAloneShowMostOfThem() throws Exception {
      assertThat(audit.live(false).findings())
          .extracting(Finding::kind)
          .contains(FindingKind.MISPLACED, FindingKind.WRONG_LATEST, FindingKind.WRONG_CANDLE)
          .contains(FindingKind.UNEXPLAINED); // rejects are not in the tables
    }
  }

  private Object[] frozen() {
    Row first =
        cassandra
            .execute("SELECT * FROM ticks" + OF_MICROSOFT + " LIMIT 500 ALLOW FILTERING")
            .all()
            .stream()
            .reduce((newer, older) -> older)
            .orElseThrow();
    return new Object[] {
      first.getInstant("hour"),
      first.getInstant("event_time"),
      first.getLong("session"),
      first.getLong("sequence"),
      first.getString("kind"),
      first.getBigDecimal("price"),
      first.getBigDecimal("volume") == null ? BigDecimal.ZERO : first.getBigDecimal("volume"),
      first.getList("conditions", String.class),
      first.getInstant("received_at")
    };
  }

  /** Adds a reject of a good tick, and deletes the tick's row. */
  private void reject(Row row) {
    ObjectNode tick = JSON.createObjectNode();
    tick.put("source", "finnhub-sim").put("symbol", "AAPL").put("kind", row.getString("kind"));
    tick.put("price", row.getBigDecimal("price").toPlainString());
    if (row.getBigDecimal("volume") != null) {
      tick.put("volume", row.getBigDecimal("volume").toPlainString());
    }
    tick.put("event_time", row.getInstant("event_time").toEpochMilli());
    tick.put("received_at", row.getInstant("received_at").toEpochMilli());
    tick.put("session", row.getLong("session")).put("sequence", row.getLong("sequence"));
    ObjectNode reject = JSON.createObjectNode();
    reject.put("source", "finnhub-sim").put("reason", "IMPLAUSIBLE_TIME").put("detail", "none");
    reject.put("input", tick.toString()).put("origin", "market_data-0-999999999");
    reject.put("received_at", row.getInstant("received_at").toEpochMilli());
    publish("market_data_rejected", null, reject.toString());
    delete(row);
  }

  private void delete(Row row) {
    cassandra.execute(
        "DELETE FROM ticks"
            + OF_APPLE
            + " AND hour = ? AND event_time = ? AND session = ? AND sequence = ?",
        row.getInstant("hour"),
        row.getInstant("event_time"),
        row.getLong("session"),
        row.getLong("sequence"));
  }

  private void insert(Row row, Instant hour) {
    cassandra.execute(
        "INSERT INTO ticks (source, symbol, hour, event_time, session, sequence, kind, price,"
            + " volume, conditions, received_at) VALUES ('finnhub-sim', 'AAPL', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        hour,
        row.getInstant("event_time"),
        row.getLong("session"),
        row.getLong("sequence"),
        row.getString("kind"),
        row.getBigDecimal("price"),
        row.getBigDecimal("volume"),
        row.getList("conditions", String.class),
        row.getInstant("received_at"));
  }

  /** Its record is in the topic, and its row was in the table. */
  private void forgetAGapOfAQuietSymbol() {
    long start = System.currentTimeMillis() - 30_000;
    ObjectNode gap = JSON.createObjectNode();
    gap.put("source", "finnhub-sim").put("symbol", "QUIET").put("cause", "STALLED");
    gap.put("gap_start", start).put("gap_end", start + 1_000);
    gap.put("session_before", start - 5_000).put("session_after", start + 900);
    gap.put("first_missing", 0);
    publish("market_data_gaps", "QUIET", gap.toString());
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> GapRow.all(cassandra).stream().anyMatch(row -> row.symbol().equals("QUIET")));
    cassandra.execute(
        "DELETE FROM feed_gaps WHERE source = 'finnhub-sim' AND symbol = 'QUIET' AND month = ?",
        Instant.ofEpochMilli(start).atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1));
  }

  private void publish(String topic, String key, String value) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", pipeline.stack.kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      // Closing the producer waits until the record is sent.
      var unused =
          producer.send(
              new ProducerRecord<>(
                  topic,
                  key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                  value.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** A session that began before the span lost its ticks of the first hour of the span. */
  @Nested
  @Order(2)
  class OlderSession {

    @Test
    void aLossAtTheBeginningOfTheSpanIsFound() {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      long session = now.minus(Duration.ofHours(27)).toEpochMilli();
      for (int number = 0; number < 100; number++) {
        open(now.minus(Duration.ofHours(26)).plusSeconds(number), session, number);
      }
      for (int number = 3_700; number < 3_750; number++) {
        open(now.minusSeconds(3_900 - number), session, number);
      }
      String output =
          InProcessAudit.run(
                  home,
                  List.of(
                      "--cassandra",
                      "127.0.0.1:" + pipeline.stack.cassandra.cqlAddress().getPort(),
                      "--source",
                      "open-sim",
                      "--last",
                      "2h",
                      "--settle",
                      "1s"))
              .output();

      assertThat(output).contains("UNEXPLAINED 3600", "numbers 100 to 3699 of session " + session);
    }
  }

  private void open(Instant time, long session, long number) {
    for (String table : List.of("ticks", "latest_ticks")) {
      cassandra.execute(
          "INSERT INTO "
              + table
              + " (source, symbol, hour, event_time, session, sequence, kind, price, volume,"
              + " received_at) VALUES ('open-sim', 'IBM', ?, ?, ?, ?, 'trade', 1.5, 1, ?)",
          time.truncatedTo(ChronoUnit.HOURS),
          time,
          session,
          number,
          time);
    }
  }

  /** Yesterday one symbol is complete, one has a gap, and one lost a tick. */
  @Nested
  @Order(3)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  class ClosedDay {
    private final LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    private final Instant noon = yesterday.atTime(12, 0).toInstant(ZoneOffset.UTC);
    private List<String> daily;

    @BeforeAll
    void write() {
      for (String symbol : List.of("WHOLE", "GAPPY", "LOST")) {
        for (int number = 0; number < 10; number++) {
          if (!symbol.equals("LOST") || number != 5) {
            priceOf(symbol, noon.plusSeconds(number), noon.toEpochMilli(), number);
          }
        }
        candlesOf(symbol, noon);
      }
      cassandra.execute(
          "INSERT INTO feed_gaps (source, symbol, month, gap_start, session_before, first_missing,"
              + " gap_end, session_after, cause) VALUES ('day-sim', 'GAPPY', ?, ?, ?, 10, ?, ?,"
              + " 'CONNECTION_LOST')",
          yesterday.withDayOfMonth(1),
          noon.plusSeconds(60),
          noon.toEpochMilli(),
          noon.plusSeconds(360),
          noon.plusSeconds(359).toEpochMilli());
      daily =
          List.of(
              "--cassandra",
              "127.0.0.1:" + pipeline.stack.cassandra.cqlAddress().getPort(),
              "--source",
              "day-sim",
              "--last",
              "2d",
              // The day is over for the audit a few seconds after midnight.
              "--lateness",
              "1s",
              "--settle",
              "1s",
              "--daily");
    }

    @Test
    @Order(1)
    void theFirstAuditWritesAVerdictPerSymbol() {
      InProcessAudit first = InProcessAudit.run(home, daily);

      assertThat(first.exitCode()).as(first.output()).isEqualTo(1);
      assertThat(first.output())
          .contains("day " + yesterday, "UNEXPLAINED 1", "number 5 of session");
      Map<String, Row> verdicts = new HashMap<>();
      cassandra
          .execute("SELECT * FROM audited_days WHERE source = 'day-sim' AND day = ?", yesterday)
          .forEach(row -> verdicts.put(row.getString("symbol"), row));
      assertThat(verdicts.keySet()).containsExactlyInAnyOrder("*", "WHOLE", "GAPPY", "LOST");
      verdict(verdicts.get("WHOLE"), "complete", 10, 0, 0);
      verdict(verdicts.get("GAPPY"), "degraded", 10, 0, 300_000);
      verdict(verdicts.get("LOST"), "missing", 9, 1, 0);
      verdict(verdicts.get("*"), "missing", 29, 1, 300_000);
    }

    @Test
    @Order(2)
    void aSourceWithoutHeartbeatsGetsNoVerdict() {
      publish(
          "market_data_heartbeats",
          "day-sim",
          "{\"source\":\"day-sim\",\"sent_at\":"
              + noon.plusSeconds(9).toEpochMilli()
              + ",\"connected\":true}");
      cassandra.execute("DELETE FROM audited_days WHERE source = 'day-sim' AND day = ?", yesterday);

      InProcessAudit down =
          InProcessAudit.run(
              home, with(daily, "--bootstrap-servers", pipeline.stack.kafka.bootstrapServers()));

      assertThat(down.exitCode()).as(down.output()).isZero();
      assertThat(down.output())
          .contains("day-sim has no verdict on " + yesterday + " yet", "no heartbeat since");
    }

    /** Without the topics the audit does not know of heartbeats. */
    @Test
    @Order(3)
    void aDayIsAuditedOnce() {
      InProcessAudit first = InProcessAudit.run(home, daily);
      InProcessAudit second = InProcessAudit.run(home, daily);

      assertThat(first.exitCode()).as(first.output()).isEqualTo(1);
      assertThat(second.exitCode()).as(second.output()).isZero();
      assertThat(second.output()).contains("every day that is over is audited already");
    }
  }

  private static void verdict(Row row, String state, long ticks, long unexplained, long gapMs) {
    assertThat(row.getString("state")).isEqualTo(state);
    assertThat(row.getLong("ticks")).isEqualTo(ticks);
    assertThat(row.getLong("unexplained")).isEqualTo(unexplained);
    assertThat(row.getLong("findings")).isEqualTo(unexplained);
    assertThat(row.getLong("gap_ms")).isEqualTo(gapMs);
    assertThat(row.getBoolean("with_topics")).isFalse();
    assertThat(row.getString("version")).isNotBlank();
  }

  private void priceOf(String symbol, Instant time, long session, long number) {
    cassandra.execute(
        "INSERT INTO ticks (source, symbol, hour, event_time, session, sequence, kind, price,"
            + " received_at) VALUES ('day-sim', ?, ?, ?, ?, ?, 'price', 5, ?)",
        symbol,
        time.truncatedTo(ChronoUnit.HOURS),
        time,
        session,
        number,
        time);
    cassandra.execute(
        "INSERT INTO latest_ticks (source, symbol, hour, event_time, session, sequence, kind,"
            + " price, volume, received_at) VALUES ('day-sim', ?, ?, ?, ?, ?, 'price', 5, 0, ?)",
        symbol,
        time.truncatedTo(ChronoUnit.HOURS),
        time,
        session,
        number,
        time);
  }

  private void candlesOf(String symbol, Instant openTime) {
    for (String interval : List.of("1m", "1h")) {
      cassandra.execute(
          "INSERT INTO candles (source, symbol, interval, month, open_time, open, high, low, close,"
              + " volume, trades, kind) VALUES ('day-sim', ?, ?, ?, ?, 5, 5, 5, 5, 0, 0, 'price')",
          symbol,
          interval,
          LocalDate.ofInstant(openTime, ZoneOffset.UTC).withDayOfMonth(1),
          openTime);
    }
  }

  /** The feeds are paused, and the planted faults are in the tables. */
  @Nested
  @Order(4)
  class AsASparkJob {

    @Test
    void theReportIsTheSame() throws Exception {
      pipeline.pauseSending();
      await()
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> audit.live(true).onTheirWay() == 0);
      List<String> options =
          List.of(
              "--cassandra",
              "127.0.0.1:" + pipeline.stack.cassandra.cqlAddress().getPort(),
              "--bootstrap-servers",
              pipeline.stack.kafka.bootstrapServers(),
              "--source",
              "finnhub-sim,coincap-sim",
              "--settle",
              "1s");
      Path local = home.resolve("local.json");
      Path spark = home.resolve("spark.json");

      InProcessAudit here = InProcessAudit.run(home, with(options, "--report", local.toString()));
      SparkJob job = auditJob(with(options, "--report", spark.toString()));
      job.start();
      await().atMost(TIMEOUT).until(() -> !job.isRunning());

      assertThat(here.exitCode()).as(here.output()).isEqualTo(1);
      assertThat(job.exitCode()).as(Files.readString(job.log())).hasValue(1);
      JsonNode found = JSON.readTree(spark.toFile());
      assertThat(found).isEqualTo(JSON.readTree(local.toFile()));
      assertThat(found.get("findings")).hasSizeGreaterThanOrEqualTo(5);
      assertThat(found.get("delivered").asLong()).isGreaterThan(1_000);
      job.close();
    }
  }

  private static List<String> with(List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all;
  }

  private SparkJob auditJob(List<String> options) throws Exception {
    return new MavenComponents(TestStack.ROOT)
        .spark(
            ComponentSettings.in(home, "audit", 0, 512).withJvmOptions(ComponentJvm.options()),
            new JobSubmission(
                SparkRelease.SPARK_3_5,
                "local[2]",
                BuiltModule.jar("audit-job"),
                "io.marketstream.audit.job.AuditJob",
                Optional.empty(),
                Map.of("spark.sql.shuffle.partitions", "4"),
                options));
  }
}
