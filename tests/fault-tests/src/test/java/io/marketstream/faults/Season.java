package io.marketstream.faults;

import io.marketstream.auditor.AuditReport;
import io.marketstream.auditor.AuditText;
import io.marketstream.pipeline.PipelineAudit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * A fresh pipeline, some faults one after the other while both feeds run, then the audit of all
 * that was sent, and those that users have, which must not cry wolf. Each fault is over, and the
 * job keeps up again, before the next one strikes. A strike that fails is the last one; what it
 * left behind is mended, as far as that can be, for the audit.
 */
final class Season {
  private static final int FINDINGS_TOLD = 5;

  /** An audit of ticks that are still on their way is asked again. */
  private static final Duration LAST_AUDIT = Duration.ofMinutes(3);

  private final SeasonKind kind;
  private final FaultSchedule schedule;
  private final int number;
  private final long seed;
  private final List<Round> rounds = new ArrayList<>();
  private Instant firstRow;
  private Instant paused;
  private Account account = Account.NONE;

  /**
   * @param number of the schedule's seasons
   */
  Season(SeasonKind kind, FaultSchedule schedule, int number, long seed) {
    this.kind = kind;
    this.schedule = schedule;
    this.number = number;
    this.seed = seed;
  }

  /**
   * Never throws because of what the pipeline does: that is part of the result.
   *
   * @throws TestAbortedException if a season of this kind cannot be had on this machine
   */
  SeasonResult run(int faults, Path home) throws InterruptedException {
    String failure = null;
    try (RunningPipeline pipeline =
        new RunningPipeline(kind.components(home), kind.rates(), seed)) {
      failure = play(pipeline, faults);
    } catch (Exception | AssertionError e) {
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      if (e instanceof TestAbortedException cannotBeDoneHere) {
        throw cannotBeDoneHere;
      }
      e.printStackTrace();
      failure = e.toString();
    } finally {
      kind.ended();
    }
    Instant end = Instant.now();
    return new SeasonResult(
        kind.name(),
        seed,
        faults,
        kind.rates().together(),
        seconds(firstRow, paused == null ? end : paused),
        seconds(paused, end),
        rounds,
        account,
        failure,
        null);
  }

  private String play(RunningPipeline pipeline, int faults) throws Exception {
    pipeline.start();
    firstRow = Instant.now();
    List<String> failures = new ArrayList<>();
    AuditsBeside audits = AuditsBeside.start(pipeline.audit());
    try (audits) {
      attempt("", failures, () -> strikeAll(pipeline, faults));
    }
    failures.addAll(audits.failures());
    if (!failures.isEmpty()) {
      // Where something went wrong it is worth knowing most what became of the ticks.
      attempt("healing: ", failures, pipeline::heal);
      attempt("after healing: ", failures, () -> pipeline.awaitRowsOfBothFeedsSince(Instant.now()));
    }
    attempt("drain: ", failures, pipeline::drain);
    paused = Instant.now();
    boolean isBroken = !failures.isEmpty();
    attempt(
        "audit: ",
        failures,
        () -> {
          String findings = audit(pipeline);
          if (findings != null) {
            failures.add(findings);
          } else if (isBroken) {
            failures.add("the audit found nothing");
          }
        });
    return failures.isEmpty() ? null : String.join("; ", failures);
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Goes on after a failure, so that a later one does not hide it. */
  private static void attempt(String what, List<String> failures, Step step) throws Exception {
    try {
      step.run();
    } catch (InterruptedException | TestAbortedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
      failures.add(what + e);
    }
  }

  private void strikeAll(RunningPipeline pipeline, int faults) throws InterruptedException {
    Map<String, List<Fault>> ofParts = kind.faults(pipeline, schedule.members(number));
    for (ScheduledFault next : schedule.of(number, ofParts).subList(0, faults)) {
      try {
        strike(next, pipeline);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(next.fault().kind() + ": " + e, e);
      }
    }
  }

  private void strike(ScheduledFault next, RunningPipeline pipeline) throws InterruptedException {
    Fault fault = next.fault();
    pipeline.awaitKeepingUp();
    Thread.sleep(next.pauseMs());
    long behind = pipeline.behind().toMillis();
    System.out.println(Instant.now() + " fault: " + fault.kind() + ", rows " + behind + " ms old");
    Instant begin = Instant.now();
    fault.strike().strike();
    pipeline.awaitRowsOfBothFeedsSince(Instant.now());
    long recovery = Duration.between(begin, Instant.now()).toMillis();
    System.out.println(Instant.now() + " recovered after " + recovery + " ms");
    rounds.add(new Round(fault.kind(), recovery, behind));
  }

  private String audit(RunningPipeline pipeline) throws InterruptedException {
    PipelineAudit audit = pipeline.audit();
    Instant last = Instant.now().plus(LAST_AUDIT);
    AuditReport report = audit.look();
    while ((!report.isClean() || report.onTheirWay() > 0) && Instant.now().isBefore(last)) {
      Thread.sleep(2_000);
      report = audit.look();
    }
    account = Account.of(report);
    if (!account.isBalanced()) {
      return told("", report);
    }
    if (account.delivered() != pipeline.delivered()) {
      return "The audit knows of "
          + account.delivered()
          + " ticks, sent were "
          + pipeline.delivered();
    }
    AuditReport byNumbers = audit.lookWithoutRecords();
    if (!byNumbers.isClean()) {
      return told("without the record of what was sent: ", byNumbers);
    }
    AuditReport ofTables = audit.lookAtTables();
    return ofTables.isClean() ? null : told("of the tables alone: ", ofTables);
  }

  private static String told(String which, AuditReport report) {
    new AuditText(FINDINGS_TOLD).lines(report).forEach(System.out::println);
    return which + report.findings().size() + " findings: " + Account.of(report).findings();
  }

  private static long seconds(Instant from, Instant to) {
    return from == null ? 0 : Duration.between(from, to).toSeconds();
  }
}
