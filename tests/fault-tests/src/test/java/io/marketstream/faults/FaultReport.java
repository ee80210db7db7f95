package io.marketstream.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The results of all fault runs of one Maven build.
 *
 * @param build identifies the build
 */
record FaultReport(String build, List<FaultRunResult> runs) {
  FaultReport {
    runs = List.copyOf(runs);
  }

  FaultReport plus(FaultRunResult run) {
    List<FaultRunResult> all = new ArrayList<>(runs);
    all.add(run);
    return new FaultReport(build, all);
  }

  /** Returns the faults that were injected in all runs, in order. */
  List<InjectedFault> history() {
    return runs.stream().flatMap(run -> run.history().stream()).toList();
  }

  /** Returns how many faults were planned, including those of skipped runs. */
  int planned() {
    return runs.stream().mapToInt(FaultRunResult::planned).sum();
  }

  AuditSummary audit() {
    return runs.stream().map(FaultRunResult::audit).reduce(AuditSummary.NONE, AuditSummary::plus);
  }

  /** Returns the recovery times by fault, in alphabetical order. */
  Map<String, RecoveryTimes> recoveries() {
    Map<String, List<Long>> millis =
        history().stream()
            .collect(
                Collectors.groupingBy(
                    InjectedFault::fault,
                    TreeMap::new,
                    Collectors.mapping(InjectedFault::recoveryMs, Collectors.toList())));
    Map<String, RecoveryTimes> times = new TreeMap<>();
    millis.forEach((fault, all) -> times.put(fault, RecoveryTimes.of(all)));
    return times;
  }

  /** Whether every run that was not skipped is green, and there is at least one. */
  boolean isGreen() {
    List<FaultRunResult> made = runs.stream().filter(run -> !run.isSkipped()).toList();
    return !made.isEmpty() && made.stream().allMatch(FaultRunResult::isGreen);
  }
}
