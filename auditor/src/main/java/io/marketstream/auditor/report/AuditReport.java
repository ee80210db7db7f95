package io.marketstream.auditor.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of an audit.
 *
 * @param symbols how many were audited; symbols without data in the time range are not counted
 * @param gaps the total of the gaps; for several symbols their sum
 * @param notes remarks for the reader, for example what was not read
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

  /** The number of ticks or rows in findings of one kind. */
  public long count(FindingKind kind) {
    return findings.stream()
        .filter(finding -> finding.kind() == kind)
        .mapToLong(Finding::count)
        .sum();
  }

  /** The number of ticks that have no row and no explanation. */
  public long unexplained() {
    return count(FindingKind.UNEXPLAINED) + count(FindingKind.MISSING_TRADE);
  }

  /** Returns this report with one more note. */
  public AuditReport with(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new AuditReport(symbols, counts, findings, more, gaps);
  }

  /** Returns the sum of both reports, with the findings of both. */
  public AuditReport plus(AuditReport other) {
    ReportSum sum = new ReportSum();
    sum.add(this);
    sum.add(other);
    return sum.report();
  }

  /**
   * The number of ticks that were on their way through a running pipeline. They are not findings.
   */
  public long onTheirWay() {
    return Math.max(0, counts.unexplained() - unexplained());
  }

  public List<Finding> findings(FindingKind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).toList();
  }
}
