package io.marketstream.faults;

import io.marketstream.auditor.FindingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report as a person reads it, in Markdown. */
final class FaultReportText {
  private FaultReportText() {}

  static String markdown(FaultReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("# Faults");
    lines.add("");
    lines.add(
        report.rounds().size()
            + " of "
            + report.planned()
            + " rounds planned, in "
            + report.seasons().size()
            + " seasons, seed "
            + report.seasons().stream()
                .map(season -> Long.toString(season.seed()))
                .distinct()
                .collect(Collectors.joining(", "))
            + ". "
            + (report.isGreen() ? "Every tick is accounted for." : "**Not everything is right.**"));
    lines.add("");
    for (SeasonResult season : report.seasons()) {
      if (season.isSkipped()) {
        lines.add(
            "**"
                + season.planned()
                + " rounds skipped, "
                + season.kind()
                + ": "
                + oneLine(season.skipped())
                + ".**");
        lines.add("");
      }
    }
    long notAudited =
        report.seasons().stream()
            .filter(season -> !season.isSkipped() && !season.isAudited())
            .count();
    if (notAudited > 0) {
      lines.add(
          "**" + notAudited + " seasons failed before their audit: the account lacks them.**");
      lines.add("");
    }
    account(report.account(), lines);
    recoveries(report, lines);
    seasons(report, lines);
    lines.add("");
    return String.join("\n", lines);
  }

  private static void account(Account account, List<String> lines) {
    row(lines, "account", "ticks or rows");
    row(lines, "---", "---:");
    row(lines, "ticks delivered", count(account.delivered()));
    row(lines, "stored: rows in `ticks`", count(account.stored()));
    row(lines, "accounted for by gaps", count(account.inGaps()));
    row(lines, "accounted for by rejects", count(account.rejected()));
    row(lines, "unexplained (must be 0)", count(account.unexplained()));
    row(lines, "duplicates (must be 0)", count(account.found(FindingKind.DUPLICATE)));
    for (FindingKind kind : FindingKind.values()) {
      if (kind != FindingKind.DUPLICATE && kind != FindingKind.UNEXPLAINED) {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        row(lines, name + " (must be 0)", count(account.found(kind)));
      }
    }
    row(lines, "candles checked", count(account.candlesChecked()));
  }

  private static void recoveries(FaultReport report, List<String> lines) {
    lines.add("");
    lines.add(
        "Recovery: from the strike, the fault's own length included, until a row of each feed that was"
            + " received after the fault was over can be read from `latest_ticks`.");
    lines.add("");
    row(lines, "fault", "times", "median s", "max s");
    row(lines, "---", "---:", "---:", "---:");
    report
        .recoveries()
        .forEach(
            (kind, times) ->
                row(
                    lines,
                    kind,
                    Integer.toString(times.times()),
                    seconds(times.medianMs()),
                    seconds(times.maxMs())));
  }

  private static void seasons(FaultReport report, List<String> lines) {
    lines.add("");
    lines.add(
        "Behind: how old the newest row of the slower feed was right before a strike, at most.");
    lines.add("");
    row(
        lines,
        "season",
        "rounds",
        "ticks/s set",
        "feeds ran s",
        "delivered",
        "in gaps",
        "behind s",
        "audit s",
        "");
    row(lines, "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---");
    for (SeasonResult season : report.seasons()) {
      row(
          lines,
          season.kind(),
          season.rounds().size() + " of " + season.planned(),
          count(season.ticksPerSecond()),
          count(season.feedSeconds()),
          count(season.account().delivered()),
          count(season.account().inGaps()),
          seconds(season.rounds().stream().mapToLong(Round::behindMs).max().orElse(0)),
          count(season.auditSeconds()),
          outcome(season));
    }
  }

  private static String outcome(SeasonResult season) {
    if (season.isSkipped()) {
      return "skipped";
    }
    return season.isGreen() ? "green" : "FAILED: " + oneLine(season.failure());
  }

  /** All of it: an assertion says what it expected on lines of their own. */
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
