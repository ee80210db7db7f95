package io.marketstream.faults;

import static org.awaitility.Awaitility.await;

import io.marketstream.pipeline.TestPipeline;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.MarketHours;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fresh pipeline, the faults that are injected while all feeds run, and the check of everything
 * that was sent. The next fault waits until the last one is over and the job keeps up again. A
 * fault that fails ends the run: the pipeline is repaired as far as possible, and checked.
 */
final class FaultRun {
  private static final Logger LOG = LoggerFactory.getLogger(FaultRun.class);

  /** The symbols of Finnhub in every run. */
  static final List<String> SYMBOLS =
      List.of(
          "AAPL",
          "MSFT",
          "NVDA",
          "AMZN",
          "TSLA",
          "SPY",
          "BRK.B",
          "BINANCE:BTCUSDT",
          "BINANCE:ETHUSDT",
          "IC MARKETS:1");

  private static final String ASSETS = "bitcoin,ethereum,tether,solana,xrp,monero";

  /** Short enough for a run to have several opening and closing auctions. */
  private static final Duration TRADING_DAY = Duration.ofMinutes(2);

  /** A worker that dies with the shipped timeouts is missed for more than a minute. */
  static final Duration STEP_TIMEOUT = Duration.ofMinutes(5);

  /** The next fault waits until the newest rows are younger than this. */
  private static final Duration CAUGHT_UP = Duration.ofSeconds(10);

  /** The longest wait for that on a busy machine. */
  private static final Duration CATCH_UP_TIME = Duration.ofSeconds(60);

  /** If the newest rows are older than this after {@link #CATCH_UP_TIME}, the run fails. */
  private static final Duration MAX_BEHIND = Duration.ofMinutes(2);

  /** Connectors notice a stalled feed, and connect again after many refusals, within seconds. */
  private static final Map<String, String> QUICK_CONNECTORS =
      Map.of("idle.timeout.ms", "5000", "reconnect.backoff.max.ms", "4000");

  private final Topology topology;
  private final FaultGenerator generator;
  private final int number;
  private final long seed;
  private final List<InjectedFault> history = new ArrayList<>();
  private Instant firstRow;
  private Instant paused;
  private AuditSummary audit = AuditSummary.NONE;

  /**
   * @param number of the run, for the generator
   */
  FaultRun(Topology topology, FaultGenerator generator, int number, long seed) {
    this.topology = topology;
    this.generator = generator;
    this.number = number;
    this.seed = seed;
  }

  /**
   * Runs it. A failure of the pipeline is a part of the result and is never thrown.
   *
   * @throws TestAbortedException if this machine cannot run the topology
   */
  FaultRunResult run(int faults, Path home) throws InterruptedException {
    String failure = null;
    try (TestPipeline pipeline = pipeline(home)) {
      failure = run(pipeline, faults);
    } catch (InterruptedException | TestAbortedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      LOG.error("The pipeline of the fault run cannot be started or stopped", e);
      failure = e.toString();
    } finally {
      topology.ended();
    }
    Instant end = Instant.now();
    return new FaultRunResult(
        topology.name(),
        seed,
        faults,
        topology.rates().together(),
        seconds(firstRow, paused == null ? end : paused),
        seconds(paused, end),
        history,
        audit,
        failure,
        null);
  }

  private TestPipeline pipeline(Path home) {
    return new TestPipeline(
        topology.stack(home),
        FinnhubSimulator.builder().hours(MarketHours.everyDayLasting(TRADING_DAY)),
        topology.rates(),
        seed);
  }

  private String run(TestPipeline pipeline, int faults) throws Exception {
    pipeline.start(String.join(",", SYMBOLS), ASSETS, QUICK_CONNECTORS);
    pipeline.awaitStoredOffsets(STEP_TIMEOUT);
    pipeline.awaitRowsOfEachFeedSince(Instant.EPOCH, STEP_TIMEOUT);
    firstRow = Instant.now();
    List<String> failures = new ArrayList<>();
    ContinuousAudit audits = ContinuousAudit.start(pipeline.audit());
    try (audits) {
      attempt("", failures, () -> injectAll(pipeline, faults));
    }
    failures.addAll(audits.failures());
    if (!failures.isEmpty()) {
      // After a failure, the fate of the ticks matters most.
      attempt("repair: ", failures, () -> Repair.of(pipeline, STEP_TIMEOUT));
      attempt("after repair: ", failures, () -> awaitRowsSinceNow(pipeline));
    }
    attempt("drain: ", failures, () -> pipeline.drain(STEP_TIMEOUT));
    paused = Instant.now();
    boolean hasFailed = !failures.isEmpty();
    attempt("audit: ", failures, () -> check(pipeline, hasFailed).ifPresent(failures::add));
    return failures.isEmpty() ? null : String.join("; ", failures);
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Continues after a failure, so that later failures are reported as well. */
  private static void attempt(String what, List<String> failures, Step step) throws Exception {
    try {
      step.run();
    } catch (InterruptedException | TestAbortedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      LOG.error("The fault run failed: {}", what, e);
      failures.add(what + e);
    }
  }

  private void injectAll(TestPipeline pipeline, int faults) throws InterruptedException {
    Map<String, List<Fault>> byPart = topology.faults(pipeline, generator.members(number));
    for (PlannedFault next : generator.faults(number, byPart).subList(0, faults)) {
      try {
        inject(next, pipeline);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(next.fault().name() + ": " + e, e);
      }
    }
  }

  private void inject(PlannedFault next, TestPipeline pipeline) throws InterruptedException {
    Fault fault = next.fault();
    awaitKeepingUp(pipeline);
    Thread.sleep(next.pauseMs()); // drawn by the generator
    long behind = pipeline.behind().toMillis();
    LOG.info("Inject fault: {}; the newest row is {} ms old", fault.name(), behind);
    Instant begin = Instant.now();
    fault.inject();
    awaitRowsSinceNow(pipeline);
    long recovery = Duration.between(begin, Instant.now()).toMillis();
    LOG.info("Recovered after {} ms", recovery);
    history.add(new InjectedFault(fault.name(), recovery, behind));
  }

  private static void awaitRowsSinceNow(TestPipeline pipeline) {
    pipeline.awaitRowsOfEachFeedSince(Instant.now(), STEP_TIMEOUT);
  }

  /** Waits until the job has processed what the last fault delayed, or most of it. */
  private static void awaitKeepingUp(TestPipeline pipeline) {
    Instant patientUntil = Instant.now().plus(CATCH_UP_TIME);
    await("rows of the last " + MAX_BEHIND.toSeconds() + " s: does the job keep up?")
        .atMost(STEP_TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(
            () -> {
              Duration bound = Instant.now().isBefore(patientUntil) ? CAUGHT_UP : MAX_BEHIND;
              return pipeline.behind().compareTo(bound) < 0;
            });
  }

  private Optional<String> check(TestPipeline pipeline, boolean hasFailed)
      throws InterruptedException {
    Checker checker = new Checker(pipeline);
    try {
      Optional<String> failure = checker.check(pipeline.sent());
      return failure.isEmpty() && hasFailed ? Optional.of("the audit found nothing") : failure;
    } finally {
      audit = checker.summary();
    }
  }

  private static long seconds(Instant from, Instant to) {
    return from == null ? 0 : Duration.between(from, to).toSeconds();
  }
}
