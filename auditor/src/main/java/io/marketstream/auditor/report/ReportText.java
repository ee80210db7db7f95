package io.marketstream.auditor.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a report as text for a person. */
public final class ReportText {
  private final int maxPerKind;

  /**
   * @param maxPerKind how many findings of each kind are shown
   */
  public ReportText(int maxPerKind) {
    this.maxPerKind = maxPerKind;
  }

  public List<String> lines(AuditReport report) {
    AuditCounts counts = report.counts();
    List<String> lines = new ArrayList<>();
    lines.add(number("symbols", report.symbols()));
    lines.add(number("ticks delivered", counts.delivered()));
    lines.add(number("  rows in ticks", counts.stored()));
    lines.add(number("  in recorded gaps", counts.inGaps()));
    lines.add(number("  rejected by the job", counts.rejected()));
    lines.add(number("  unexplained", report.unexplained()));
    if (report.onTheirWay() > 0) {
      lines.add(number("  on their way", report.onTheirWay()));
    }
    if (counts.repeatedIds() > 0) {
      lines.add(number("repeated trade ids", counts.repeatedIds()));
    }
    if (counts.venueTrades() > 0) {
      lines.add(number("compared with the venue", counts.venueTrades()));
    }
    lines.add(number("candles checked", counts.candlesChecked()));
    if (counts.candlesNotChecked() > 0) {
      lines.add(
          number("candles not checked", counts.candlesNotChecked())
              + "   the order of their ticks is not known");
    }
    report.notes().forEach(note -> lines.add("note: " + note));
    for (FindingKind kind : FindingKind.values()) {
      report(kind, report, lines);
    }
    lines.add("");
    lines.add(
        report.isClean()
            ? "everything is explained"
            : report.findings().size() + " findings: not everything is explained");
    return lines;
  }

  private void report(FindingKind kind, AuditReport report, List<String> lines) {
    List<Finding> findings = report.findings(kind);
    if (findings.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(kind + " " + report.count(kind) + ": " + kind.meaning());
    findings.stream()
        .limit(maxPerKind)
        .forEach(
            finding -> {
              lines.add("  " + finding.symbol() + ": " + finding.what());
              finding.trace().forEach(station -> lines.add("      " + station));
            });
    if (findings.size() > maxPerKind) {
      lines.add("  and " + (findings.size() - maxPerKind) + " more; --report writes all");
    }
  }

  private static String number(String name, long value) {
    return String.format(Locale.ROOT, "%-25s%,12d", name, value);
  }
}
