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
import io.marketstream.auditor.AuditReport;
import io.marketstream.auditor.FindingKind;
import io.marketstream.auditor.cli.InProcessAudit;
import io.marketstream.local.component.FreePorts;
import io.marketstream.simulator.SimTrade;
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
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The audit of a real pipeline: clean whatever part was killed, and no longer once its tables are
 * tampered with.
 */
@Tag("pipeline")
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditIT {

  private static final Duration PATIENCE = Duration.ofSeconds(150);
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
  void startPipeline() throws Exception {
    System.out.println("AuditIT: seed " + SEED);
    pipeline = new TestPipeline(TestStack.single(home).build(), 60, 30, SEED);
    pipeline.start(String.join(",", SYMBOLS), "bitcoin,ethereum");
    cassandra = pipeline.cassandra();
    audit = pipeline.audit();
    awaitRows(TestPipeline.FINNHUB, 150);
    awaitRows(TestPipeline.COINCAP, 50);
  }

  @AfterAll
  void stopEverything() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  @Order(1)
  void everyTickIsARowOrInsideARecordedGapWhateverIsKilled() throws Exception {
    TestStack stack = pipeline.stack;
    pipeline.finnhub.faults().drop(); // the connector reconnects by itself
    awaitNewSession(TestPipeline.FINNHUB, 2);
    awaitStoredOffsets("finnhub-source", TestPipeline.FINNHUB);
    awaitStoredOffsets("coincap-source", TestPipeline.COINCAP);
    stack.job.kill();
    stack.connect.kill();
    stack.connect.start();
    pipeline.finnhub.awaitSubscribed(SYMBOLS, PATIENCE);
    stack.job.start();
    awaitNewSession(TestPipeline.FINNHUB, 3);
    awaitNewSession(TestPipeline.COINCAP, 2);
    pipeline.pauseSending();
    awaitAccounts();

    assertThat(GapRow.all(cassandra)).allMatch(GapRow::isClosed);
    assertThat(causes(TestPipeline.FINNHUB)).contains("CONNECTION_LOST", "TASK_RESTART");
    assertThat(causes(TestPipeline.COINCAP)).containsOnly("TASK_RESTART");
  }

  private List<String> causes(String source) {
    return GapRow.all(cassandra).stream()
        .filter(gap -> gap.source().equals(source))
        .map(GapRow::cause)
        .toList();
  }

  private void awaitRows(String source, int atLeast) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                StoredTick.bySession(cassandra, source).values().stream().mapToInt(List::size).sum()
                    >= atLeast);
  }

  private void awaitNewSession(String source, int sessions) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> StoredTick.sessions(cassandra, source).size() >= sessions);
  }

  /**
   * Until the worker has stored that every symbol stands in the newest session: a kill before that
   * goes on with an older gap, or leaves a first start.
   */
  private void awaitStoredOffsets(String connector, String source) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              long newest = Collections.max(StoredTick.sessions(cassandra, source));
              List<JsonNode> stored =
                  pipeline
                      .stack
                      .connect
                      .rest()
                      .call("GET", "/connectors/" + connector + "/offsets", null)
                      .findValues("session");
              return !stored.isEmpty()
                  && stored.stream().allMatch(session -> session.asLong() >= newest);
            });
  }

  private void awaitAccounts() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              AuditReport report = audit.look();
              assertThat(report.findings()).isEmpty();
              assertThat(report.onTheirWay()).isZero();
            });
  }

  @Test
  @Order(2)
  void aHealthyPipelineIsCleanUntilItsTablesAreTamperedWith() throws Exception {
    pipeline.pauseSending();
    awaitAccounts();
    AuditReport clean = audit.look();
    assertThat(clean.counts().delivered()).isEqualTo(pipeline.sent());
    assertThat(clean.counts().unexplained()).isZero();
    assertThat(clean.counts().candlesChecked()).isGreaterThanOrEqualTo(10);
    assertThat(process()).as("the tables alone").isZero();
    assertThat(output).contains("everything is explained");
    assertThat(command("--bootstrap-servers", pipeline.stack.kafka.bootstrapServers()))
        .as(output)
        .isZero();

    sendATickThatTheJobRejects();

    assertThat(command()).as("without the topics nothing tells of rejects").isEqualTo(1);
    assertThat(command("--bootstrap-servers", pipeline.stack.kafka.bootstrapServers()))
        .as(output)
        .isZero();
    AuditReport finnhubAlone = audit.lookWithRecordsOf(Set.of(TestPipeline.FINNHUB));
    assertThat(finnhubAlone.findings()).as("CoinCap's ticks go by their numbers").isEmpty();
    assertThat(finnhubAlone.counts().delivered())
        .as("what was written to the socket of the killed worker, and not read, has no number")
        .isBetween(pipeline.finnhub.sentCount() + 1, pipeline.sent());

    tamper();

    AuditReport tampered = audit.look();
    assertThat(tampered.counts().rejected()).isEqualTo(1);
    assertThat(tampered.counts().unexplained()).isEqualTo(1);
    for (FindingKind planted :
        List.of(
            FindingKind.UNEXPLAINED,
            FindingKind.DUPLICATE,
            FindingKind.WRONG_VALUE,
            FindingKind.WRONG_CANDLE)) {
      assertThat(tampered.count(planted)).as("%s of %s", planted, tampered.findings()).isEqualTo(1);
    }
    assertThat(tampered.findings()).as("and nothing else").hasSize(4);

    assertThat(process()).as("the tables alone").isEqualTo(1);
    assertThat(output).contains("UNEXPLAINED 2", "DUPLICATE 1", "WRONG_CANDLE");
    Path report = home.resolve("report.json");
    assertThat(
            command(
                "--bootstrap-servers",
                pipeline.stack.kafka.bootstrapServers(),
                "--source",
                "finnhub-sim",
                "--report",
                report.toString()))
        .isEqualTo(1);
    JsonNode written = JSON.readTree(report.toFile());
    assertThat(written.get("wrong_value").asLong()).isEqualTo(1);
    assertThat(written.get("findings")).hasSize(4);
    assertThat(command("--source", "coincap-sim")).as("nothing was done to it").isZero();

    assertThat(command("--source", "finhub-sim")).as("mistyped").isEqualTo(2);
    assertThat(output).contains("nothing to audit of source finhub-sim, event times from 20");
    assertThat(command("--source", "coincap-sim,finhub-sim")).as("the other is clean").isEqualTo(2);
    assertThat(output).contains("nothing to audit of source finhub-sim, ");
    assertThat(command("--since", "2020-01-01T00:00:00Z", "--until", "2020-01-02T00:00:00Z"))
        .as("older than the table keeps")
        .isEqualTo(2);
    assertThat(output).contains("nothing left to audit", "has expired");
    Instant idle = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(9));
    assertThat(
            command(
                "--since", idle.toString(), "--until", idle.plus(Duration.ofHours(1)).toString()))
        .as("before the pipeline ran")
        .isEqualTo(2);
    assertThat(output).contains("nothing to audit of any source, event times from " + idle);

    plantExpiredRows();
    assertThat(command("--source", "coincap-sim")).as("a table in its second month").isZero();

    cassandra.execute("TRUNCATE candles");

    AuditReport withoutCandles = audit.lookAtTables();
    for (String interval : List.of("1m", "1h")) {
      assertThat(withoutCandles.findings(FindingKind.WRONG_CANDLE))
          .as(interval)
          .anyMatch(
              finding -> finding.what().startsWith(interval) && finding.what().contains("no row"));
    }
    assertThat(command("--source", "coincap-sim")).as("of any interval").isEqualTo(1);
    assertThat(output).contains("1m candle of", "1h candle of", "there is no row");

    cassandra.execute("TRUNCATE ticks");

    assertThat(command()).as("only latest_ticks and feed_gaps are left").isEqualTo(1);
    assertThat(output).contains("WRONG_LATEST 5").containsPattern("symbols +5\\R");
    cassandra.execute("TRUNCATE latest_ticks");
    cassandra.execute("TRUNCATE feed_gaps");
    assertThat(process()).as("empty tables").isEqualTo(2);

    assertThat(command("--keyspace", "another")).as(output).isEqualTo(2);
    assertThat(command("--cassandra", "127.0.0.1:" + FreePorts.next())).as(output).isEqualTo(2);
    assertThat(output.lines()).singleElement().asString().contains("Check --cassandra");
    assertThat(command("--bootstrap-servers", "127.0.0.1:" + FreePorts.next()))
        .as(output)
        .isEqualTo(2);
    assertThat(output).contains("Check --bootstrap-servers");
    assertThat(
            command(
                "--bootstrap-servers",
                pipeline.stack.kafka.bootstrapServers(),
                "--topics",
                "there_is_none"))
        .as("every row would be one that nobody sent")
        .isEqualTo(2);
    assertThat(output).contains("There is no topic there_is_none");
  }

  /**
   * More than Cassandra walks over in one query ({@code tombstone_failure_threshold}): so many are
   * there from the 31st day on, at one tick in eight seconds.
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
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(
                        () -> cassandra.execute("SELECT DISTINCT source, symbol, hour FROM ticks"))
                    .as("enough of them have expired")
                    .isInstanceOf(ReadFailureException.class));
  }

  /**
   * An hour ahead, which the connector lets pass. Other symbols have ticks of the same number, and
   * the one behind it shows the hole.
   */
  private void sendATickThatTheJobRejects() {
    long now = System.currentTimeMillis();
    pipeline.resumeSending();
    pipeline.finnhub.send(
        List.of(
            SimTrade.of("MSFT", "400.1", "1", now + 3_600_000, "1"),
            SimTrade.of("MSFT", "400.2", "1", now, "1")));
    pipeline.pauseSending();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              AuditReport report = audit.look();
              assertThat(report.findings()).isEmpty();
              assertThat(report.counts().rejected()).isEqualTo(1);
              assertThat(report.counts().delivered()).isEqualTo(pipeline.sent());
            });
  }

  /** One row each is deleted, doubled, altered; and a candle. */
  private void tamper() {
    List<Row> rows = cassandra.execute("SELECT * FROM ticks" + OF_APPLE + " ALLOW FILTERING").all();
    assertThat(rows).hasSizeGreaterThan(20);
    Row deleted = rows.get(rows.size() / 2);
    Row doubled = rows.get(rows.size() / 2 + 3);
    Row altered = rows.get(rows.size() / 2 + 6);
    String row = OF_APPLE + " AND hour = ? AND event_time = ? AND session = ? AND sequence = ?";
    cassandra.execute("DELETE FROM ticks" + row, key(deleted, 0));
    cassandra.execute("UPDATE ticks SET price = ?" + row, with(new BigDecimal("1.23"), altered));
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

  /** {@code ./market-stream audit}; its exit code. */
  private int command(String... options) {
    InProcessAudit done = InProcessAudit.run(home, arguments(options));
    output = done.output();
    return done.exitCode();
  }

  /** The same as the script starts it: a process of its own. */
  private int process(String... options) throws IOException, InterruptedException {
    Path to = home.resolve("audit.txt");
    List<String> command = MarketStreamCommand.audit(home, arguments(options));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(to.toFile()).start();
    boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
