package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.auditor.AuditReport;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.pipeline.FedPipeline;
import io.marketstream.pipeline.PipelineAudit;
import io.marketstream.pipeline.RealComponents;
import io.marketstream.simulator.FinnhubSimulator;
import io.marketstream.simulator.HandshakeAttempt;
import io.marketstream.simulator.SecondConnection;
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

/**
 * Two workers of one group with the timeouts that we ship, and a feed that allows one connection a
 * token: who has the task when one of them freezes or dies, and for how long two have it.
 */
@Tag("faults")
class TakeOverIT {

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final String FINNHUB = FedPipeline.FINNHUB_CONNECTOR;
  private static final List<String> SYMBOLS = List.of("AAPL", "BRK.B", "BINANCE:BTCUSDT");

  /**
   * {@code session.timeout.ms} from the last sign of life, then until the other's next heartbeat
   * ({@code heartbeat.interval.ms}), then {@code scheduled.rebalance.max.delay.ms}, then the start
   * of the task.
   */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(60 + 20 + 10 + 15);

  /** From the resumption to the last time that one connection took the token from the other. */
  private static final Duration OVERLAP = Duration.ofSeconds(30);

  private static final Duration QUIET = Duration.ofSeconds(45);

  private static TwoWorkers workers;
  private static FedPipeline pipeline;
  private static FinnhubSimulator finnhub;
  private static ArrivingTicks ticks;

  @BeforeAll
  static void startEverything() throws Exception {
    System.out.println("TakeOverIT seed " + SEED);
    // Kept: what a worker said tells why it did not come back.
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "take-over-");
    workers = new TwoWorkers(home).start();
    pipeline = new FedPipeline(workers.pipeline, 60, 20, SEED);
    finnhub = pipeline.finnhub;
    pipeline.feed(
        String.join(",", SYMBOLS), "bitcoin,ethereum", Map.of("rate.limit.backoff.ms", "10000"));
    ticks =
        new ArrivingTicks(
            pipeline.cassandra(), List.of(RealComponents.FINNHUB, RealComponents.COINCAP));
    awaitRowsOfBothFeedsSince(Instant.EPOCH);
    await().atMost(PATIENCE).until(pipeline::hasStoredOffsets);
  }

  @AfterAll
  static void stopEverything() {
    if (workers != null) {
      workers.close();
    }
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  void aWorkerFrozenForHalfAMinuteKeepsItsTask() throws Exception {
    ConnectWorker owner = workers.awaitOwner(FINNHUB);
    long handshakes = finnhub.handshakeCount();

    owner.suspend();
    Thread.sleep(30_000);
    owner.resume();

    awaitRowsOfBothFeedsSince(Instant.now());
    assertThat(workers.runs(owner, FINNHUB)).isTrue();
    assertThat(workers.runs(workers.other(owner), FINNHUB)).isFalse();
    assertThat(finnhub.handshakeCount()).as("the very connection goes on").isEqualTo(handshakes);
    awaitAccounted();
  }

  @ParameterizedTest
  @EnumSource(SecondConnection.class)
  void aWorkerFrozenForNinetySecondsLosesItsTaskAndTwoConnectionsDoNotLast(SecondConnection rule)
      throws Exception {
    finnhub.setSecondConnection(rule);
    ConnectWorker frozen = workers.awaitOwner(FINNHUB);
    ConnectWorker heir = workers.other(frozen);
    long handshakes = finnhub.handshakeCount();

    Instant begin = Instant.now();
    frozen.suspend();
    await()
        .atMost(TAKEN_OVER)
        .until(() -> workers.runs(heir, FINNHUB) && finnhub.handshakeCount() > handshakes);
    tell("%s: taken over after %s", rule, Duration.between(begin, Instant.now()));
    sleepUntil(begin.plusSeconds(90));
    long before = finnhub.handshakeCount();
    Instant resumed = Instant.now();
    frozen.resume();

    awaitQuiet(resumed);
    Instant last = Instant.ofEpochMilli(lastHandshake().atMs());
    tell(
        "%s: %d handshakes by the resumption, %d after it, the last after %s",
        rule,
        before - handshakes,
        finnhub.handshakeCount() - before,
        last.isBefore(resumed) ? "nothing" : Duration.between(resumed, last));
    assertThat(finnhub.handshakeCount() - before)
        .as("the connection is not taken from each other: the group gives the task to one anew")
        .isLessThanOrEqualTo(3);
    assertThat(finnhub.connected()).isOne();
    awaitRowsOfBothFeedsSince(Instant.now());
    awaitAccounted();
  }

  @Test
  void aKilledWorkersTaskIsTakenOverAndMovesOnceAtMostWhenTheWorkerIsBack() throws Exception {
    finnhub.setSecondConnection(SecondConnection.DROP_OLDER);
    ConnectWorker killed = workers.awaitOwner(FINNHUB);
    ConnectWorker heir = workers.other(killed);
    long handshakes = finnhub.handshakeCount();

    Instant begin = Instant.now();
    killed.kill();
    await()
        .atMost(TAKEN_OVER)
        .until(() -> workers.runs(heir, FINNHUB) && finnhub.handshakeCount() > handshakes);
    tell("killed: taken over after %s", Duration.between(begin, Instant.now()));
    awaitRowsOfBothFeedsSince(Instant.now());
    assertThat(finnhub.handshakeCount()).isEqualTo(handshakes + 1);

    killed.start();
    Instant back = Instant.now();
    awaitQuiet(back);
    tell("killed: %d handshakes after its return", finnhub.handshakeCount() - handshakes - 1);
    assertThat(finnhub.handshakeCount())
        .as("the rebalance moves the task once at most")
        .isLessThanOrEqualTo(handshakes + 2);
    awaitRowsOfBothFeedsSince(Instant.now());
    awaitAccounted();
  }

  /** Until one connection has been open for a while; what took it away before has an end soon. */
  private static void awaitQuiet(Instant since) {
    await()
        .atMost(OVERLAP.plus(QUIET).plusSeconds(10))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              Instant last = Instant.ofEpochMilli(lastHandshake().atMs());
              Instant begin = last.isAfter(since) ? last : since;
              return finnhub.connected() == 1 && begin.plus(QUIET).isBefore(Instant.now());
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

  private static void tell(String format, Object... what) {
    System.out.printf(format + "%n", what);
  }

  private static void awaitAccounted() throws InterruptedException {
    pipeline.pauseSending();
    PipelineAudit audit = pipeline.audit();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              AuditReport settled = audit.look();
              assertThat(settled.findings()).isEmpty();
              assertThat(settled.onTheirWay()).isZero();
            });
    AuditReport report = audit.look();
    tell("account: %s, unexplained %d", report.counts(), report.counts().unexplained());
    assertThat(report.counts().delivered()).isEqualTo(pipeline.sent());
    pipeline.resumeSending();
  }

  private static void awaitRowsOfBothFeedsSince(Instant moment) {
    ticks.awaitOfAllSince(moment, PATIENCE);
  }
}
