package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.auditor.report.AuditReport;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.PipelineAudit;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.finnhub.SecondConnection;
import io.marketstream.simulator.server.HandshakeAttempt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two workers of one group with the shipped timeouts, and a feed that allows one connection per
 * token. Shows which worker has the task after one of them freezes or dies, and for how long both
 * have it.
 */
@Tag("faults")
class TakeOverIT {

  private static final Logger LOG = LoggerFactory.getLogger(TakeOverIT.class);
  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String FINNHUB = TestPipeline.FINNHUB_CONNECTOR;
  private static final List<String> SYMBOLS = List.of("AAPL", "BRK.B", "BINANCE:BTCUSDT");

  /**
   * The sum of {@code session.timeout.ms}, the other worker's {@code heartbeat.interval.ms}, {@code
   * scheduled.rebalance.max.delay.ms}, and the start of the task.
   */
  private static final Duration TAKE_OVER_TIMEOUT = Duration.ofSeconds(60 + 20 + 10 + 15);

  /** How long after the resumption the two connections may compete for the token. */
  private static final Duration MAX_OVERLAP = Duration.ofSeconds(30);

  private static final Duration STABLE_FOR = Duration.ofSeconds(45);

  private static ConnectGroup workers;
  private static TestPipeline pipeline;
  private static FinnhubSimulator finnhub;

  @BeforeAll
  static void startEverything() throws Exception {
    LOG.info("Seed {}", SEED);
    // The folder is kept, because the logs of a worker say why it did not return.
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "take-over-");
    TestStack stack = TestStack.single(home).workers(2).shippedWorkerTimeouts().build();
    workers = new ConnectGroup(stack, List.of(FINNHUB, TestPipeline.COINCAP_CONNECTOR));
    pipeline = new TestPipeline(stack, FeedRates.withoutCoinbase(60, 20), SEED);
    finnhub = pipeline.finnhub;
    pipeline.start(
        String.join(",", SYMBOLS), "bitcoin,ethereum", Map.of("rate.limit.backoff.ms", "10000"));
    pipeline.awaitRowsOfEachFeedSince(Instant.EPOCH, TIMEOUT);
    pipeline.awaitStoredOffsets(TIMEOUT);
  }

  @AfterAll
  static void stopEverything() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  void aWorkerFrozenFor30SecondsKeepsItsTask() throws Exception {
    ConnectWorker owner = workers.owner(FINNHUB);
    long handshakes = finnhub.handshakeCount();

    owner.suspend();
    Thread.sleep(30_000); // the length of the fault
    owner.resume();

    awaitRowsSinceNow();
    assertThat(workers.runs(owner, FINNHUB)).isTrue();
    assertThat(workers.runs(workers.other(owner), FINNHUB)).isFalse();
    assertThat(finnhub.handshakeCount()).as("the same connection continues").isEqualTo(handshakes);
    awaitExplained();
  }

  @ParameterizedTest
  @EnumSource(SecondConnection.class)
  void aWorkerFrozenFor90SecondsLosesItsTask(SecondConnection rule) throws Exception {
    finnhub.setSecondConnection(rule);
    ConnectWorker frozen = workers.owner(FINNHUB);
    ConnectWorker successor = workers.other(frozen);
    long handshakes = finnhub.handshakeCount();

    Instant begin = Instant.now();
    frozen.suspend();
    await()
        .atMost(TAKE_OVER_TIMEOUT)
        .until(() -> workers.runs(successor, FINNHUB) && finnhub.handshakeCount() > handshakes);
    LOG.info("{}: taken over after {}", rule, Duration.between(begin, Instant.now()));
    sleepUntil(begin.plusSeconds(90));
    long before = finnhub.handshakeCount();
    Instant resumed = Instant.now();
    frozen.resume();

    awaitStable(resumed);
    Instant last = Instant.ofEpochMilli(lastHandshake().atMs());
    LOG.info(
        "{}: {} handshakes by the resumption, {} after it, the last after {}",
        rule,
        before - handshakes,
        finnhub.handshakeCount() - before,
        last.isBefore(resumed) ? "nothing" : Duration.between(resumed, last));
    assertThat(finnhub.handshakeCount() - before)
        .as("after the rebalance one worker has the task, and they do not compete")
        .isLessThanOrEqualTo(3);
    assertThat(finnhub.connected()).isOne();
    awaitRowsSinceNow();
    awaitExplained();
  }

  @Test
  void theTaskOfAKilledWorkerIsTakenOver() throws Exception {
    finnhub.setSecondConnection(SecondConnection.DROP_OLDER);
    ConnectWorker killed = workers.owner(FINNHUB);
    ConnectWorker successor = workers.other(killed);
    long handshakes = finnhub.handshakeCount();

    Instant begin = Instant.now();
    killed.kill();
    await()
        .atMost(TAKE_OVER_TIMEOUT)
        .until(() -> workers.runs(successor, FINNHUB) && finnhub.handshakeCount() > handshakes);
    LOG.info("Killed: taken over after {}", Duration.between(begin, Instant.now()));
    awaitRowsSinceNow();
    assertThat(finnhub.handshakeCount()).isEqualTo(handshakes + 1);

    killed.start();
    Instant back = Instant.now();
    awaitStable(back);
    LOG.info("Killed: {} handshakes after its return", finnhub.handshakeCount() - handshakes - 1);
    assertThat(finnhub.handshakeCount())
        .as("the rebalance after its return moves the task at most once")
        .isLessThanOrEqualTo(handshakes + 2);
    awaitRowsSinceNow();
    awaitExplained();
  }

  /** Waits until one connection has been open for {@link #STABLE_FOR}. */
  private static void awaitStable(Instant since) {
    await()
        .atMost(MAX_OVERLAP.plus(STABLE_FOR).plusSeconds(10))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              Instant last = Instant.ofEpochMilli(lastHandshake().atMs());
              Instant begin = last.isAfter(since) ? last : since;
              return finnhub.connected() == 1 && begin.plus(STABLE_FOR).isBefore(Instant.now());
            });
  }

  private static HandshakeAttempt lastHandshake() {
    List<HandshakeAttempt> attempts = finnhub.handshakes();
    return attempts.get(attempts.size() - 1);
  }

  private static void sleepUntil(Instant moment) throws InterruptedException {
    long left = Duration.between(Instant.now(), moment).toMillis();
    if (left > 0) {
      Thread.sleep(left); // the fault's own length
    }
  }

  private static void awaitExplained() throws InterruptedException {
    pipeline.pauseSending();
    PipelineAudit audit = pipeline.audit();
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              AuditReport settled = audit.auditAll();
              assertThat(settled.findings()).isEmpty();
              assertThat(settled.onTheirWay()).isZero();
            });
    AuditReport report = audit.auditAll();
    LOG.info("Audited: {}, unexplained {}", report.counts(), report.counts().unexplained());
    assertThat(report.counts().delivered()).isEqualTo(pipeline.sent());
    pipeline.resumeSending();
  }

  private static void awaitRowsSinceNow() {
    pipeline.awaitRowsOfEachFeedSince(Instant.now(), TIMEOUT);
  }
}
