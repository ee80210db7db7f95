package io.marketstream.faults;

import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.FindingKind;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of an audit: {@code delivered = stored + inGaps + rejected + unexplained}.
 *
 * @param findings ticks or rows by kind of finding; kinds without findings are absent
 */
record AuditSummary(
    long delivered,
    long stored,
    long inGaps,
    long rejected,
    long candlesChecked,
    Map<FindingKind, Long> findings) {

  /** The summary of an audit that was never made. */
  static final AuditSummary NONE = new AuditSummary(0, 0, 0, 0, 0, Map.of());

  static AuditSummary of(AuditReport audit) {
    Map<FindingKind, Long> findings = new TreeMap<>();
    audit.findings().forEach(found -> findings.merge(found.kind(), found.count(), Long::sum));
    return new AuditSummary(
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

  /** Returns how many ticks or rows have findings of this kind. */
  long found(FindingKind kind) {
    return findings.getOrDefault(kind, 0L);
  }

  /** Whether every tick is explained and nothing was found. */
  boolean isClean() {
    return unexplained() == 0 && findings.isEmpty();
  }

  AuditSummary plus(AuditSummary other) {
    Map<FindingKind, Long> all = new TreeMap<>(findings);
    other.findings.forEach((kind, count) -> all.merge(kind, count, Long::sum));
    return new AuditSummary(
        delivered + other.delivered,
        stored + other.stored,
        inGaps + other.inGaps,
        rejected + other.rejected,
        candlesChecked + other.candlesChecked,
        all);
  }
}
