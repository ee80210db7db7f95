package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.ReadFailureException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.auditor.cli.InProcessAudit;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.simulator.market.SimTrade;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit of one real pipeline. The nested classes run in order: each one changes the pipeline or
 * its tables in its {@code @BeforeAll}, and the changes stay.
 */
@Tag("pipeline")
@Tag("containers")
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class AuditIT {

  private static final Logger LOG = LoggerFactory.getLogger(AuditIT.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(150);
  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OF_APPLE = " WHERE source = 'finnhub-sim' AND symbol = 'AAPL'";

  private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "BINANCE:BTCUSDT");

  @TempDir private static Path home;
  private TestPipeline pipeline;
  private CqlSession cassandra;
  private PipelineAudit audit;
  private String output;

  @BeforeAll
  void startPipeline() {
    LOG.info("Seed {}", SEED);
    pipeline =
        new TestPipeline(TestStack.single(home).build(), FeedRates.withoutCoinbase(60, 30), SEED);
    pipeline.start(String.join(",", SYMBOLS), "bitcoin,ethereum");
    cassandra = pipeline.cassandra();
    audit = pipeline.audit();
    pipeline.awaitRows(TestPipeline.FINNHUB, 150, TIMEOUT);
    pipeline.awaitRows(TestPipeline.COINCAP, 50, TIMEOUT);
  }

  @AfterAll
  void stopEverything() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  /** The job and the worker are killed, and a connection is dropped. */
  @Nested
  @Order(1)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class AfterKills {

    @BeforeAll
    void kill() throws Exception {
      pipeline.finnhub.faults().drop(); // the connector connects again by itself
      awaitNewSession(TestPipeline.FINNHUB, 2);
      awaitStoredOffsets(TestPipeline.FINNHUB_CONNECTOR, TestPipeline.FINNHUB);
      awaitStoredOffsets(TestPipeline.COINCAP_CONNECTOR, TestPipeline.COINCAP);
      pipeline.stack.job.kill();
      pipeline.stack.connect.kill();
      pipeline.stack.connect.start();
      pipeline.finnhub.awaitSubscribed(SYMBOLS, TIMEOUT);
      pipeline.stack.job.start();
      awaitNewSession(TestPipeline.FINNHUB, 3);
      awaitNewSession(TestPipeline.COINCAP, 2);
      pipeline.pauseSending();
    }

    @Test
    void everyTickIsExplained() {
      awaitExplained();
    }

    @Test
    void everyGapIsRecordedAndClosed() {
      awaitExplained();

      assertThat(GapRow.all(cassandra)).allMatch(GapRow::isClosed);
      assertThat(causes(TestPipeline.FINNHUB)).contains("CONNECTION_LOST", "TASK_RESTART");
      assertThat(causes(TestPipeline.COINCAP)).containsOnly("TASK_RESTART");
    }
  }

  /** The feeds are paused, and the tables are as the job wrote them. */
  @Nested
  @Order(2)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Untouched {

    @BeforeAll
    void awaitQuiet() {
      pipeline.pauseSending();
      awaitExplained();
    }

    @Test
    void theAuditCountsEveryTick() throws Exception {
      AuditReport clean = audit.auditAll();

      assertThat(clean.counts().delivered()).isEqualTo(pipeline.sent());
      assertThat(clean.counts().unexplained()).isZero();
      assertThat(clean.counts().candlesChecked()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void theTablesAloneAreClean() throws Exception {
      assertThat(process()).as("exit code").isZero();
      assertThat(output).contains("everything is explained");
    }

    @Test
    void tablesAndTopicsAreClean() {
      assertThat(commandWithTopics()).as(output).isZero();
    }
  }

  /** One more tick, which the job rejects. */
  @Nested
  @Order(3)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class WithAReject {

    /**
     * The tick is an hour ahead, which the connector accepts. Other symbols have ticks of the same
     * number. The next tick shows that one is missing.
     */
    @BeforeAll
    void sendATickThatTheJobRejects() {
      long now = System.currentTimeMillis();
      pipeline.resumeSending();
      pipeline.finnhub.send(
          List.of(
              SimTrade.of("MSFT", "400.1", "1", now + 3_600_000, "1"),
              SimTrade.of("MSFT", "400.2", "1", now, "1")));
      pipeline.pauseSending();
      await()
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> {
                AuditReport report = audit.auditAll();
                assertThat(report.findings()).isEmpty();
                assertThat(report.counts().rejected()).isEqualTo(1);
                assertThat(report.counts().delivered()).isEqualTo(pipeline.sent());
              });
    }

    @Test
    void theTopicsExplainIt() {
      assertThat(commandWithTopics()).as(output).isZero();
    }

    @Test
    void theTablesAloneDoNotExplainIt() {
      assertThat(command()).as("exit code").isEqualTo(1);
    }

    @Test
    void aSourceWithoutARecordIsAuditedByItsNumbers() throws Exception {
      AuditReport withFinnhubsJournal = audit.auditWithJournalsOf(Set.of(TestPipeline.FINNHUB));

      assertThat(withFinnhubsJournal.findings()).isEmpty();
      assertThat(withFinnhubsJournal.counts().delivered())
          .as("ticks that the killed worker never read have no number")
          .isBetween(pipeline.finnhub.sentCount() + 1, pipeline.sent());
    }
  }

  /** A row is deleted, one is doubled, one is altered, and so is a candle. */
  @Nested
  @Order(4)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Tampered {

    @BeforeAll
    void tamper() {
      AuditIT.this.tamper();
    }

    @Test
    void eachFaultIsFoundOnce() throws Exception {
      AuditReport tampered = audit.auditAll();

      assertThat(tampered.counts().rejected()).isEqualTo(1);
      assertThat(tampered.counts().unexplained()).isEqualTo(1);
      for (FindingKind planted :
          List.of(
              FindingKind.UNEXPLAINED,
              FindingKind.DUPLICATE,
              FindingKind.WRONG_VALUE,
              FindingKind.WRONG_CANDLE)) {
        assertThat(tampered.count(planted))
            .as("%s of %s", planted, tampered.findings())
            .isEqualTo(1);
      }
      assertThat(tampered.findings()).as("and nothing else").hasSize(4);
      assertThat(tampered.findings(FindingKind.WRONG_VALUE).get(0).what())
          .contains("price is 1.23", "trade_id is 5, not null", "side is sell", "origin is live");
    }

    @Test
    void theTablesAloneShowMostOfThem() throws Exception {
      assertThat(process()).as("exit code").isEqualTo(1);
      assertThat(output).contains("UNEXPLAINED 2", "DUPLICATE 1", "WRONG_CANDLE");
    }

    @Test
    void theReportHasThem() throws Exception {
      Path report = home.resolve("report.json");

      assertThat(commandWithTopics("--source", "finnhub-sim", "--report", report.toString()))
          .as("exit code")
          .isEqualTo(1);
      JsonNode written = JSON.readTree(report.toFile());
      assertThat(written.get("wrong_value").asLong()).isEqualTo(1);
      assertThat(written.get("findings")).hasSize(4);
    }

    @Test
    void theOtherSourceIsClean() {
      assertThat(command("--source", "coincap-sim")).as("exit code").isZero();
    }
  }

  /** Sources and spans without data end with exit code 2. */
  @Nested
  @Order(5)
  class NothingToAudit {

    @ParameterizedTest
    @ValueSource(strings = {"finhub-sim", "coincap-sim,finhub-sim"})
    void aMistypedSource(String sources) {
      assertThat(command("--source", sources)).as("exit code").isEqualTo(2);
      assertThat(output).contains("nothing to audit of source finhub-sim, event times from 20");
    }

    @Test
    void aSpanThatHasExpired() {
      assertThat(command("--since", "2020-01-01T00:00:00Z", "--until", "2020-01-02T00:00:00Z"))
          .as("exit code")
          .isEqualTo(2);
      assertThat(output).contains("nothing left to audit", "have expired");
    }

    @Test
    void aSpanBeforeThePipelineRan() {
      Instant idle = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(9));

      assertThat(
              command(
                  "--since", idle.toString(), "--until", idle.plus(Duration.ofHours(1)).toString()))
          .as("exit code")
          .isEqualTo(2);
      assertThat(output).contains("nothing to audit of any source, event times from " + idle);
    }
  }

  /** The table has run for more than its retention. */
  @Nested
  @Order(6)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class WithExpiredRows {

    @BeforeAll
    void plant() {
      plantExpiredRows();
    }

    @Test
    void theAuditReadsAroundThem() {
      assertThat(command("--source", "coincap-sim")).as(output).isZero();
    }
  }

  /** All candles are deleted. */
  @Nested
  @Order(7)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class WithoutCandles {

    @BeforeAll
    void deleteCandles() {
      cassandra.execute("TRUNCATE candles");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1m", "1h"})
    void eachIntervalIsMissed(String interval) throws Exception {
      assertThat(audit.auditTables().findings(FindingKind.WRONG_CANDLE))
          .anyMatch(
              finding -> finding.what().startsWith(interval) && finding.what().contains("no row"));
    }

    @Test
    void theCommandNamesThem() {
      assertThat(command("--source", "coincap-sim")).as("exit code").isEqualTo(1);
      assertThat(output).contains("1m candle of", "1h candle of", "there is no row");
    }
  }

  /** All ticks are deleted as well. */
  @Nested
  @Order(8)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class WithoutTicks {

    @BeforeAll
    void deleteTicks() {
      cassandra.execute("TRUNCATE ticks");
    }

    @Test
    void theNewestTicksHaveNoRows() {
      assertThat(command()).as("exit code").isEqualTo(1);
      assertThat(output).contains("WRONG_LATEST 5").containsPattern("symbols +5\\R");
    }
  }

  /** All tables are empty. */
  @Nested
  @Order(9)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class EmptyTables {

    @BeforeAll
    void deleteTheRest() {
      cassandra.execute("TRUNCATE latest_ticks");
      cassandra.execute("TRUNCATE feed_gaps");
    }

    @Test
    void thereIsNothingToAudit() throws Exception {
      assertThat(process()).as("exit code").isEqualTo(2);
    }
  }

  /** Each message names the option to check. */
  @Nested
  @Order(10)
  class WrongOptions {

    @Test
    void aKeyspaceThatDoesNotExist() {
      assertThat(command("--keyspace", "another")).as("exit code").isEqualTo(2);
    }

    @Test
    void aCassandraThatDoesNotAnswer() {
      assertThat(command("--cassandra", "127.0.0.1:" + FreePorts.next()))
          .as("exit code")
          .isEqualTo(2);
      assertThat(output.lines()).singleElement().asString().contains("Check --cassandra");
    }

    @Test
    void aBrokerThatDoesNotAnswer() {
      assertThat(command("--bootstrap-servers", "127.0.0.1:" + FreePorts.next()))
          .as("exit code")
          .isEqualTo(2);
      assertThat(output).contains("Check --bootstrap-servers");
    }

    /** Otherwise every row would be reported as never sent. */
    @Test
    void aTopicThatDoesNotExist() {
      assertThat(commandWithTopics("--topics", "there_is_none")).as("exit code").isEqualTo(2);
      assertThat(output).contains("The topic there_is_none does not exist");
    }
  }

  private List<String> causes(String source) {
    return GapRow.all(cassandra).stream()
        .filter(gap -> gap.source().equals(source))
        .map(GapRow::cause)
        .toList();
  }

  private void awaitNewSession(String source, int sessions) {
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> pipeline.sessions(source).size() >= sessions);
  }

  /**
   * Waits until the worker has stored an offset of every symbol in the newest session. After an
   * earlier kill the gap would begin in an older session, or the start would count as the first.
   */
  private void awaitStoredOffsets(String connector, String source) {
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              long newest = Collections.max(pipeline.sessions(source));
              List<JsonNode> stored = pipeline.storedSessions(connector);
              return !stored.isEmpty()
                  && stored.stream().allMatch(session -> session.asLong() >= newest);
            });
  }

  private void awaitExplained() {
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              AuditReport report = audit.auditAll();
              assertThat(report.findings()).isEmpty();
              assertThat(report.onTheirWay()).isZero();
            });
  }

  /**
   * Plants more expired rows than Cassandra reads in one query ({@code
   * tombstone_failure_threshold}). At one tick in eight seconds a table has as many from its 31st
   * day on.
   */
  private void plantExpiredRows() {
    PreparedStatement insert =
        cassandra.prepare(
            "INSERT INTO ticks (source, symbol, hour, event_time, session, sequence) VALUES"
                + " ('finnhub-sim', 'AAPL', ?, ?, 1, ?) USING TTL 1");
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(31));
    List<CompletableFuture<?>> inFlight = new ArrayList<>();
    for (int row = 0; row < 150_000; row += 500) {
      BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
      for (long i = row; i < row + 500; i++) {
        batch.addStatement(insert.bind(hour, hour.plusMillis(i), i));
      }
      inFlight.add(cassandra.executeAsync(batch.build()).toCompletableFuture());
      if (inFlight.size() == 8) {
        inFlight.forEach(CompletableFuture::join);
        inFlight.clear();
      }
    }
    inFlight.forEach(CompletableFuture::join);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThatThrownBy(
                        () -> cassandra.execute("SELECT DISTINCT source, symbol, hour FROM ticks"))
                    .as("enough of them have expired")
                    .isInstanceOf(ReadFailureException.class));
  }

  /** Deletes, doubles and alters one row each, and alters a candle. */
  private void tamper() {
    // Of the first session: the gap after a kill may begin earlier than the loss, and would explain
    // a row that is deleted there.
    long first = Collections.min(pipeline.sessions(TestPipeline.FINNHUB));
    List<Row> rows =
        cassandra.execute("SELECT * FROM ticks" + OF_APPLE + " ALLOW FILTERING").all().stream()
            .filter(row -> row.getLong("session") == first)
            .toList();
    assertThat(rows).hasSizeGreaterThan(20);
    Row deleted = rows.get(rows.size() / 2);
    Row doubled = rows.get(rows.size() / 2 + 3);
    Row altered = rows.get(rows.size() / 2 + 6);
    String row = OF_APPLE + " AND hour = ? AND event_time = ? AND session = ? AND sequence = ?";
    cassandra.execute("DELETE FROM ticks" + row, key(deleted, 0));
    cassandra.execute(
        "UPDATE ticks SET price = ?, trade_id = '5', side = 'sell', origin = 'live'" + row,
        with(new BigDecimal("1.23"), altered));
    cassandra.execute(
        "INSERT INTO ticks (source, symbol, hour, event_time, session, sequence, kind, price,"
            + " volume, conditions, received_at) VALUES ('finnhub-sim', 'AAPL', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        Stream.concat(
                Stream.of(key(doubled, 1)),
                Stream.of(
                    doubled.getString("kind"),
                    doubled.getBigDecimal("price"),
                    doubled.getBigDecimal("volume"),
                    doubled.getList("conditions", String.class),
                    doubled.getInstant("received_at")))
            .toArray());
    Row candle =
        cassandra
            .execute(
                "SELECT month, open_time, writetime(high) AS written FROM candles"
                    + OF_APPLE
                    + " AND interval = '1h' ALLOW FILTERING")
            .all()
            .get(0);
    cassandra.execute(
        "UPDATE candles USING TIMESTAMP ? SET high = ?"
            + OF_APPLE
            + " AND interval = '1h' AND month = ? AND open_time = ?",
        candle.getLong("written") + 1, // a candle's write time is not the time of its writing
        new BigDecimal("99999"),
        candle.getLocalDate("month"),
        candle.getInstant("open_time"));
  }

  private static Object[] key(Row row, long later) {
    return new Object[] {
      row.getInstant("hour"),
      row.getInstant("event_time").plusMillis(later),
      row.getLong("session"),
      row.getLong("sequence")
    };
  }

  private static Object[] with(BigDecimal price, Row row) {
    return Stream.concat(Stream.of(price), Stream.of(key(row, 0))).toArray();
  }

  private int commandWithTopics(String... options) {
    return command(
        Stream.concat(
                Stream.of("--bootstrap-servers", pipeline.stack.kafka.bootstrapServers()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  /** Runs {@code ./market-stream audit} in this JVM, and returns its exit code. */
  private int command(String... options) {
    InProcessAudit done = InProcessAudit.run(home, arguments(options));
    output = done.output();
    return done.exitCode();
  }

  /** Runs the audit in a process of its own, as the script does, and returns its exit code. */
  private int process(String... options) throws IOException, InterruptedException {
    Path to = home.resolve("audit.txt");
    List<String> command = MarketStreamCommand.audit(home, arguments(options));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(to.toFile()).start();
    boolean ended = process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    process.destroyForcibly();
    output = Files.readString(to);
    assertThat(ended).as(output).isTrue();
    return process.exitValue();
  }

  private List<String> arguments(String... options) {
    List<String> arguments = new ArrayList<>();
    if (!List.of(options).contains("--cassandra")) {
      arguments.add("--cassandra");
      arguments.add("127.0.0.1:" + pipeline.stack.cassandra.cqlAddress().getPort());
    }
    arguments.addAll(List.of("--settle", "1s")); // the simulators pause
    arguments.addAll(List.of(options));
    return arguments;
  }
}
