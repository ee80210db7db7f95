package io.marketstream.auditor.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;

/** Writes a report as JSON: the counts, and every finding with its trace. */
public final class ReportJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ReportJson() {}

  public static String text(AuditReport report) {
    return node(report).toPrettyString();
  }

  /** Writes the reports of several days. */
  public static String textOfDays(Map<LocalDate, AuditReport> reports) {
    ObjectNode root = JSON.createObjectNode();
    root.put("clean", reports.values().stream().allMatch(AuditReport::isClean));
    ObjectNode days = root.putObject("days");
    reports.forEach((day, report) -> days.set(day.toString(), node(report)));
    return root.toPrettyString();
  }

  private static ObjectNode node(AuditReport report) {
    ObjectNode root = JSON.createObjectNode();
    root.put("clean", report.isClean());
    root.put("symbols", report.symbols());
    root.put("delivered", report.counts().delivered());
    root.put("stored", report.counts().stored());
    root.put("in_gaps", report.counts().inGaps());
    root.put("rejected", report.counts().rejected());
    root.put("on_their_way", report.onTheirWay());
    root.put("repeated_ids", report.counts().repeatedIds());
    root.put("venue_trades", report.counts().venueTrades());
    for (FindingKind kind : FindingKind.values()) {
      root.put(name(kind), report.count(kind));
    }
    root.put("candles_checked", report.counts().candlesChecked());
    root.put("candles_not_checked", report.counts().candlesNotChecked());
    ArrayNode notes = root.putArray("notes");
    report.notes().forEach(notes::add);
    ArrayNode findings = root.putArray("findings");
    for (Finding finding : report.findings()) {
      ObjectNode node = findings.addObject();
      node.put("kind", name(finding.kind()));
      node.put("source", finding.symbol().source());
      node.put("symbol", finding.symbol().symbol());
      node.put("count", finding.count());
      node.put("what", finding.what());
      ArrayNode trace = node.putArray("way");
      finding.trace().forEach(trace::add);
    }
    return root;
  }

  private static String name(FindingKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
