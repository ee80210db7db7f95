package io.marketstream.faults;

import io.marketstream.auditor.AuditReport;
import io.marketstream.auditor.FindingKind;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the ticks: {@code delivered = stored + inGaps + rejected + unexplained}.
 *
 * @param findings of the audit by kind, ticks or rows; kinds that were not found are absent
 */
record Account(
    long delivered,
    long stored,
    long inGaps,
    long rejected,
    long candlesChecked,
    Map<FindingKind, Long> findings) {

  static final Account NONE = new Account(0, 0, 0, 0, 0, Map.of());

  static Account of(AuditReport audit) {
    Map<FindingKind, Long> findings = new TreeMap<>();
    audit.findings().forEach(found -> findings.merge(found.kind(), found.count(), Long::sum));
    return new Account(
        audit.counts().delivered(),
        audit.counts().stored(),
        audit.counts().inGaps(),
        audit.counts().rejected(),
        audit.counts().candlesChecked(),
        findings);
  }

  long unexplained() {
    return delivered - stored - inGaps - rejected;
  }

  /** Ticks or rows that the audit found to be so. */
  long found(FindingKind kind) {
    return findings.getOrDefault(kind, 0L);
  }

  boolean isBalanced() {
    return unexplained() == 0 && findings.isEmpty();
  }

  Account plus(Account other) {
    Map<FindingKind, Long> all = new TreeMap<>(findings);
    other.findings.forEach((kind, count) -> all.merge(kind, count, Long::sum));
    return new Account(
        delivered + other.delivered,
        stored + other.stored,
        inGaps + other.inGaps,
        rejected + other.rejected,
        candlesChecked + other.candlesChecked,
        all);
  }
}
