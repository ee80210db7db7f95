package io.marketstream.faults;

import io.marketstream.auditor.report.FindingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report in Markdown. */
final class FaultReportText {
  private FaultReportText() {}

  static String markdown(FaultReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("# Faults");
    lines.add("");
    lines.add(
        report.history().size()
            + " of "
            + report.planned()
            + " faults injected, in "
            + report.runs().size()
            + " runs, seed "
            + report.runs().stream()
                .map(run -> Long.toString(run.seed()))
                .distinct()
                .collect(Collectors.joining(", "))
            + ". "
            + (report.isGreen() ? "Every tick is explained." : "**Something failed.**"));
    lines.add("");
    for (FaultRunResult run : report.runs()) {
      if (run.isSkipped()) {
        lines.add(
            "**"
                + run.planned()
                + " faults skipped, "
                + run.topology()
                + ": "
                + oneLine(run.skipped())
                + ".**");
        lines.add("");
      }
    }
    long notAudited =
        report.runs().stream().filter(run -> !run.isSkipped() && !run.isAudited()).count();
    if (notAudited > 0) {
      lines.add(
          "**"
              + notAudited
              + " runs failed before their audit. The figures do not include them.**");
      lines.add("");
    }
    audit(report.audit(), lines);
    recoveries(report, lines);
    runs(report, lines);
    lines.add("");
    return String.join("\n", lines);
  }

  private static void audit(AuditSummary audit, List<String> lines) {
    row(lines, "audit", "ticks or rows");
    row(lines, "---", "---:");
    row(lines, "ticks delivered", count(audit.delivered()));
    row(lines, "stored: rows in `ticks`", count(audit.stored()));
    row(lines, "explained by gaps", count(audit.inGaps()));
    row(lines, "explained by rejects", count(audit.rejected()));
    row(lines, "unexplained (must be 0)", count(audit.unexplained()));
    row(lines, "duplicates (must be 0)", count(audit.found(FindingKind.DUPLICATE)));
    for (FindingKind kind : FindingKind.values()) {
      if (kind != FindingKind.DUPLICATE && kind != FindingKind.UNEXPLAINED) {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        row(lines, name + " (must be 0)", count(audit.found(kind)));
      }
    }
    row(lines, "candles checked", count(audit.candlesChecked()));
  }

  private static void recoveries(FaultReport report, List<String> lines) {
    lines.add("");
    lines.add(
        "A recovery time begins when the fault is injected, so it includes the length of the fault."
            + " It ends when `latest_ticks` has a row of each feed that was received after the"
            + " fault was over.");
    lines.add("");
    row(lines, "fault", "times", "median s", "max s");
    row(lines, "---", "---:", "---:", "---:");
    report
        .recoveries()
        .forEach(
            (fault, times) ->
                row(
                    lines,
                    fault,
                    Integer.toString(times.times()),
                    seconds(times.medianMs()),
                    seconds(times.maxMs())));
  }

  private static void runs(FaultReport report, List<String> lines) {
    lines.add("");
    lines.add(
        "*Behind* is the greatest age of the newest row of the slower feed, measured right before a"
            + " fault.");
    lines.add("");
    row(
        lines,
        "run",
        "faults",
        "ticks/s set",
        "feeds ran s",
        "delivered",
        "in gaps",
        "behind s",
        "audit s",
        "");
    row(lines, "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---");
    for (FaultRunResult run : report.runs()) {
      row(
          lines,
          run.topology(),
          run.history().size() + " of " + run.planned(),
          count(run.ticksPerSecond()),
          count(run.feedSeconds()),
          count(run.audit().delivered()),
          count(run.audit().inGaps()),
          seconds(run.history().stream().mapToLong(InjectedFault::behindMs).max().orElse(0)),
          count(run.auditSeconds()),
          outcome(run));
    }
  }

  private static String outcome(FaultRunResult run) {
    if (run.isSkipped()) {
      return "skipped";
    }
    return run.isGreen() ? "green" : "FAILED: " + oneLine(run.failure());
  }

  /** Joins the lines of an assertion's message, so that a table cell holds all of it. */
  private static String oneLine(String text) {
    return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " ").replace("|", "/");
  }

  private static void row(List<String> lines, String... cells) {
    lines.add("| " + String.join(" | ", cells) + " |");
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
  }
}
