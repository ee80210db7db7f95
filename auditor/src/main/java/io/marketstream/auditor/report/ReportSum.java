package io.marketstream.auditor.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Adds the reports of many symbols. It keeps a limited number of findings and counts the others.
 * Not thread-safe.
 */
public final class ReportSum {
  private static final int MAX_FINDINGS = 20_000;

  private final List<Finding> findings = new ArrayList<>();
  private final Map<FindingKind, Finding> omitted = new EnumMap<>(FindingKind.class);
  private final List<String> notes = new ArrayList<>();
  private AuditCounts counts = AuditCounts.NONE;
  private GapTotals gaps = GapTotals.NONE;
  private long symbols;

  public void add(AuditReport report) {
    symbols += report.symbols();
    counts = counts.plus(report.counts());
    gaps = gaps.plus(report.gaps());
    report.notes().forEach(this::note);
    for (Finding finding : report.findings()) {
      if (findings.size() < MAX_FINDINGS) {
        findings.add(finding);
      } else {
        omitted.merge(finding.kind(), more(finding, 0), (old, one) -> more(one, old.count()));
      }
    }
  }

  private static Finding more(Finding finding, long before) {
    long count = before + finding.count();
    return new Finding(
        finding.kind(),
        finding.symbol(),
        "more of this kind",
        count,
        count + " more of this kind, for this symbol and others",
        List.of());
  }

  /** Adds a note for the reader of the report, unless it is there already. */
  public void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  public AuditReport report() {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(omitted.values());
    return new AuditReport(symbols, counts, all, notes, gaps);
  }
}
