package io.marketstream.faults;

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
 * One fresh pipeline, the faults that are injected while both feeds run, and the check of
 * everything that was sent. The next fault waits until the last one is over and the job keeps up
 * again. A fault that fails ends the run: the pipeline is repaired as far as possible, and checked.
 */
final class FaultRun {
  private static final Logger LOG = LoggerFactory.getLogger(FaultRun.class);

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
    try (RunningPipeline pipeline =
        new RunningPipeline(topology.components(home), topology.rates(), seed)) {
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

  private String run(RunningPipeline pipeline, int faults) throws Exception {
    pipeline.start();
    firstRow = Instant.now();
    List<String> failures = new ArrayList<>();
    ContinuousAudit audits = ContinuousAudit.start(pipeline.audit());
    try (audits) {
      attempt("", failures, () -> injectAll(pipeline, faults));
    }
    failures.addAll(audits.failures());
    if (!failures.isEmpty()) {
      // After a failure it matters most what became of the ticks.
      attempt("repair: ", failures, pipeline::heal);
      attempt("after repair: ", failures, () -> pipeline.awaitRowsOfBothFeedsSince(Instant.now()));
    }
    attempt("drain: ", failures, pipeline::drain);
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

  private void injectAll(RunningPipeline pipeline, int faults) throws InterruptedException {
    Map<String, List<Fault>> byPart = topology.faults(pipeline, generator.members(number));
    for (PlannedFault next : generator.faults(number, byPart).subList(0, faults)) {
      try {
        inject(next, pipeline);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(next.fault().name() + ": " + e, e);
      }
    }
  }

  private void inject(PlannedFault next, RunningPipeline pipeline) throws InterruptedException {
    Fault fault = next.fault();
    pipeline.awaitKeepingUp();
    Thread.sleep(next.pauseMs()); // drawn by the generator
    long behind = pipeline.behind().toMillis();
    LOG.info("Inject fault: {}; the newest row is {} ms old", fault.name(), behind);
    Instant begin = Instant.now();
    fault.inject();
    pipeline.awaitRowsOfBothFeedsSince(Instant.now());
    long recovery = Duration.between(begin, Instant.now()).toMillis();
    LOG.info("Recovered after {} ms", recovery);
    history.add(new InjectedFault(fault.name(), recovery, behind));
  }

  private Optional<String> check(RunningPipeline pipeline, boolean hasFailed)
      throws InterruptedException {
    Checker checker = new Checker(pipeline.audit());
    try {
      Optional<String> failure = checker.check(pipeline.delivered());
      return failure.isEmpty() && hasFailed ? Optional.of("the audit found nothing") : failure;
    } finally {
      audit = checker.summary();
    }
  }

  private static long seconds(Instant from, Instant to) {
    return from == null ? 0 : Duration.between(from, to).toSeconds();
  }
}
