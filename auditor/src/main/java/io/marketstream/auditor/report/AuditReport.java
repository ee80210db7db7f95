package io.marketstream.auditor.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What an audit came to.
 *
 * @param symbols how many were audited; symbols without data in the time range are not counted
 * @param gaps of one symbol; of several their sum
 * @param notes what a reader should know, for example what was not read
 */
public record AuditReport(
    long symbols, AuditCounts counts, List<Finding> findings, List<String> notes, GapTotals gaps)
    implements Serializable {
  public static final AuditReport NOTHING = new AuditReport(0, AuditCounts.NONE, List.of());

  public AuditReport {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  public AuditReport(long symbols, AuditCounts counts, List<Finding> findings) {
    this(symbols, counts, findings, List.of(), GapTotals.NONE);
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

  /** Ticks that are neither a row nor explained. */
  public long unexplained() {
    return count(FindingKind.UNEXPLAINED);
  }

  /** The same with one more note. */
  public AuditReport with(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new AuditReport(symbols, counts, findings, more, gaps);
  }

  /** Both together; the findings are those of one after the other. */
  public AuditReport plus(AuditReport other) {
    ReportSum sum = new ReportSum();
    sum.add(this);
    sum.add(other);
    return sum.report();
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
}
