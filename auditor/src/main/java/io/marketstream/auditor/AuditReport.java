package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.List;

/**
 * What an audit came to.
 *
 * @param symbols how many were audited; one of which the span holds nothing is none of them
 */
public record AuditReport(long symbols, AuditCounts counts, List<Finding> findings) {
  public static final AuditReport NOTHING = new AuditReport(0, AuditCounts.NONE, List.of());

  public AuditReport {
    findings = List.copyOf(findings);
  }

  public boolean isClean() {
    return findings.isEmpty();
  }

  /** Ticks or rows concerned by findings of a kind. */
  public long count(FindingKind kind) {
    return findings.stream()
        .filter(finding -> finding.kind() == kind)
        .mapToLong(Finding::count)
        .sum();
  }

  /**
   * Ticks that are not accounted for yet and no finding: a running pipeline had them on their way.
   */
  public long onTheirWay() {
    return Math.max(0, counts.unexplained() - count(FindingKind.UNEXPLAINED));
  }

  public List<Finding> findings(FindingKind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).toList();
  }

  /**
   * A later look at the same symbols, with only those of its findings that this look had as well.
   * The rest was on its way.
   */
  public AuditReport lastingIn(AuditReport later) {
    EarlierLook earlier = new EarlierLook(findings);
    List<Finding> lasting =
        later.findings.stream().flatMap(finding -> earlier.lasting(finding).stream()).toList();
    return new AuditReport(later.symbols, later.counts, lasting);
  }

  /** Both together. */
  public AuditReport plus(AuditReport other) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(other.findings);
    return new AuditReport(symbols + other.symbols, counts.plus(other.counts), all);
  }
}
