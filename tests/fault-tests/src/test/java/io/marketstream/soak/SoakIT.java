package io.marketstream.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marketstream.auditor.report.AuditReport;
import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.PipelineAudit;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole pipeline at a steady rate, with both feeds reset every five minutes. Checks for leaks,
 * and that every tick is explained at the end.
 */
@Tag("soak")
class SoakIT {

  private static final Logger LOG = LoggerFactory.getLogger(SoakIT.class);
  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final Duration LENGTH =
      Duration.ofMinutes(Integer.getInteger("marketstream.soak.minutes", 30));

  /** Class loading, the compiler, the first versions of the checkpoint. */
  private static final Duration WARM_UP = LENGTH.dividedBy(3);

  private static final Duration READING_INTERVAL = Duration.ofSeconds(30);

  /** A feed is reset after this many readings. The other feed is reset halfway between. */
  private static final int READINGS_PER_RESET = 10;

  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Duration AUDIT_TIMEOUT = Duration.ofMinutes(10);

  /** Ticks per second of both feeds together. A fifth of them comes from CoinCap. */
  private static final int RATE = Integer.getInteger("marketstream.soak.rate", 1000);

  private static final List<String> SYMBOLS =
      List.of("AAPL", "MSFT", "BRK.B", "BINANCE:BTCUSDT", "IC MARKETS:1");
  private static final String ASSETS = "bitcoin,ethereum,monero";

  private Path home;
  private TestPipeline pipeline;
  private Admin admin;

  @BeforeEach
  void startEverything() throws Exception {
    assumeTrue(
        JvmProbe.worksHere(), "threads and descriptors are read from /proc, the heap by jcmd");
    LOG.info("Seed {}, {} at {} ticks/s", SEED, LENGTH, RATE);
    home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "soak-");
    pipeline =
        new TestPipeline(
            TestStack.single(home).build(),
            FeedRates.withoutCoinbase(RATE * 0.8, RATE * 0.2),
            SEED);
    pipeline.start(String.join(",", SYMBOLS), ASSETS);
    admin = pipeline.stack.kafka.admin();
    await().atMost(TIMEOUT).until(() -> sourcesWithRows().size() == 2);
  }

  @AfterEach
  void stopEverything() {
    if (admin != null) {
      admin.close();
    }
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  void nothingLeaksAndEveryTickIsExplained(TestReporter reporter) throws Exception {
    SoakReport report =
        new SoakReport(
            new SoakGauges(pipeline.stack, home, pipeline.cassandra(), admin).all(), WARM_UP);
    long sentBefore = pipeline.sent();
    run(report);
    long sentMeanwhile = pipeline.sent() - sentBefore;
    pipeline.pauseSending();
    String table = report.table();
    report.writeReadings(Path.of("target", "soak-readings.csv"));

    Instant pausedAt = Instant.now();
    PipelineAudit audit = pipeline.audit();
    AuditReport[] found = new AuditReport[1];
    await()
        .atMost(AUDIT_TIMEOUT)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              found[0] = audit.auditAll();
              assertThat(found[0].findings()).isEmpty();
            });
    String heading =
        String.format(
            "%d minutes, %,d ticks (%,d per second), seed %d, %d connections of Finnhub and %d of"
                + " CoinCap.%nDrained and audited in %d s: %s, unexplained %d.%n%n",
            LENGTH.toMinutes(),
            sentMeanwhile,
            sentMeanwhile / LENGTH.toSeconds(),
            SEED,
            pipeline.finnhub.connectionCount(),
            pipeline.coincap.connectionCount(),
            Duration.between(pausedAt, Instant.now()).toSeconds(),
            found[0].counts(),
            found[0].counts().unexplained());
    LOG.info("The report of the soak:\n{}{}", heading, table);
    reporter.publishEntry("soak report", heading + table);
    Files.writeString(Path.of("target", "soak-report.md"), heading + table);

    assertThat(found[0].counts().delivered()).isEqualTo(pipeline.sent());
    assertThat(report.grown()).as("grew by more than the allowance").isEmpty();
  }

  private void run(SoakReport report) throws Exception {
    Instant begin = Instant.now();
    long readings = LENGTH.dividedBy(READING_INTERVAL);
    for (int reading = 0; reading <= readings; reading++) {
      Instant due = begin.plus(READING_INTERVAL.multipliedBy(reading));
      // The time of the next reading, not a wait for a condition.
      Thread.sleep(Math.max(0, Duration.between(Instant.now(), due).toMillis()));
      report.read(Duration.between(begin, Instant.now()), reading % 2 == 0);
      if (reading % READINGS_PER_RESET == READINGS_PER_RESET / 2) {
        pipeline.finnhub.faults().reset();
      } else if (reading % READINGS_PER_RESET == 0 && reading > 0) {
        pipeline.coincap.faults().reset();
      }
    }
  }

  private Set<String> sourcesWithRows() {
    return StreamSupport.stream(
            pipeline.cassandra().execute("SELECT source FROM latest_ticks").spliterator(), false)
        .map(row -> row.getString("source"))
        .collect(Collectors.toSet());
  }
}
