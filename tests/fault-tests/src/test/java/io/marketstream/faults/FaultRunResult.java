package io.marketstream.faults;

import java.util.List;

/**
 * The result of a fault run.
 *
 * @param topology its name
 * @param seed of the fault test
 * @param planned how many faults were to be injected
 * @param ticksPerSecond the rate that was set for all feeds together
 * @param feedSeconds from the first row that was read to the pause of the feeds
 * @param auditSeconds from the pause of the feeds to the end of the check
 * @param history the faults that were injected, in order
 * @param audit all zero if the check was not reached
 * @param failure what went wrong; null if nothing did
 * @param skipped why this machine cannot run the topology; null if it can
 */
record FaultRunResult(
    String topology,
    long seed,
    int planned,
    int ticksPerSecond,
    long feedSeconds,
    long auditSeconds,
    List<InjectedFault> history,
    AuditSummary audit,
    String failure,
    String skipped) {
  FaultRunResult {
    history = List.copyOf(history);
  }

  static FaultRunResult skipped(Topology topology, long seed, int planned, String why) {
    return new FaultRunResult(
        topology.name(),
        seed,
        planned,
        topology.rates().together(),
        0,
        0,
        List.of(),
        AuditSummary.NONE,
        null,
        why);
  }

  boolean isSkipped() {
    return skipped != null;
  }

  /** Whether the check was reached. Otherwise nothing is known of the ticks. */
  boolean isAudited() {
    return !audit.equals(AuditSummary.NONE);
  }

  /** Whether nothing failed and everything is explained. Requires that candles were checked. */
  boolean isGreen() {
    return failure == null && isAudited() && audit.isClean() && audit.candlesChecked() > 0;
  }
}
