package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TradeNumber;
import io.marketstream.auditor.evidence.VenueTrade;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the ticks of one symbol with the venue's own history: each trade of the venue has a
 * tick, or a gap explains it; the venue knows each tick; and both say the same of a trade.
 */
public final class VenueComparison {
  private final SymbolKey key;
  private final Span span;

  /**
   * @param span the event times that are compared
   */
  public VenueComparison(SymbolKey key, Span span) {
    this.key = key;
    this.span = span;
  }

  /**
   * Compares.
   *
   * @param venue by id, all trades of the venue in the span, and others around it
   * @param ticks the rows in the span, and others around it
   * @param gaps those of the symbol, and those of every symbol
   */
  public AuditReport compare(
      NavigableMap<Long, VenueTrade> venue, List<Tick> ticks, List<Gap> gaps) {
    Findings findings = new Findings(key);
    TreeMap<Long, List<Tick>> byId = new TreeMap<>();
    for (Tick tick : ticks) {
      if (tick.tradeNumber() != TradeNumber.NONE) {
        byId.computeIfAbsent(tick.tradeNumber(), unseen -> new ArrayList<>()).add(tick);
      }
    }
    long compared = 0;
    List<VenueTrade> missing = new ArrayList<>();
    for (VenueTrade trade : venue.values()) {
      List<Tick> copies = byId.getOrDefault(trade.id(), List.of());
      if (!span.contains(trade.time())
          && copies.stream().noneMatch(tick -> span.contains(tick.eventTime()))) {
        continue;
      }
      compared++;
      copies.forEach(tick -> compare(trade, tick, findings));
      if (copies.isEmpty()) {
        missing.add(trade);
      }
    }
    reportMissing(missing, byId, new GapCoverage(gaps, Map.of()), findings);
    byId.forEach(
        (id, copies) -> {
          if (!venue.containsKey(id)) {
            copies.stream()
                .filter(tick -> span.contains(tick.eventTime()))
                .forEach(tick -> reportUnknown(tick, venue, findings));
          }
        });
    return new AuditReport(0, AuditCounts.ofVenueTrades(compared), findings.all());
  }

  private static void compare(VenueTrade trade, Tick tick, Findings findings) {
    List<String> differences = new ArrayList<>();
    if (tick.price().compareTo(trade.price()) != 0) {
      differences.add("price is " + tick.price() + ", not " + trade.price().toPlainString());
    }
    if (tick.volume() == null || tick.volume().compareTo(trade.size()) != 0) {
      differences.add("volume is " + tick.volume() + ", not " + trade.size().toPlainString());
    }
    if (!trade.takerSide().equals(tick.side())) {
      differences.add("side is " + tick.side() + ", not " + trade.takerSide());
    }
    if (tick.eventTime() != trade.time()) {
      differences.add(
          "event_time is "
              + Instant.ofEpochMilli(tick.eventTime())
              + ", not "
              + Instant.ofEpochMilli(trade.time()));
    }
    if (!differences.isEmpty()) {
      findings.add(
          FindingKind.VENUE_DIFFERENT_TRADE,
          1,
          "trade id "
              + trade.id()
              + " as tick "
              + tick.id()
              + ": "
              + String.join(", ", differences),
          () -> List.of("venue: " + trade, "table: " + tick));
    }
  }

  /** Consecutive trades are one finding. */
  private static void reportMissing(
      List<VenueTrade> missing,
      NavigableMap<Long, List<Tick>> byId,
      GapCoverage gaps,
      Findings findings) {
    for (int from = 0; from < missing.size(); ) {
      int to = from + 1;
      while (to < missing.size() && missing.get(to).id() == missing.get(to - 1).id() + 1) {
        to++;
      }
      VenueTrade first = missing.get(from);
      VenueTrade last = missing.get(to - 1);
      for (MissingTrades part : gaps.unexplained(between(first, last, byId))) {
        findings.add(
            FindingKind.VENUE_MISSING_HERE,
            part.toString(),
            part.count(),
            part.toString(),
            () -> {
              List<String> trace = new ArrayList<>();
              trace.add("venue: " + first);
              if (last.id() != first.id()) {
                trace.add("venue, the last of them: " + last);
              }
              trace.add("table: not there");
              trace.addAll(gaps.considered());
              return trace;
            });
      }
      from = to;
    }
  }

  /** A gap is timed by receipt, so the receipts of the neighbours bound the time of a loss. */
  private static MissingTrades between(
      VenueTrade first, VenueTrade last, NavigableMap<Long, List<Tick>> byId) {
    long notBefore = Math.min(first.time(), receipt(byId.lowerEntry(first.id()), first.time()));
    long notAfter = Math.max(last.time(), receipt(byId.higherEntry(last.id()), last.time()));
    return new MissingTrades(first.id(), last.id(), notBefore, notAfter);
  }

  private static long receipt(Map.@Nullable Entry<Long, List<Tick>> neighbour, long otherwise) {
    if (neighbour == null) {
      return otherwise;
    }
    Tick tick = neighbour.getValue().get(0);
    return tick.isRepair() ? tick.eventTime() : tick.receivedAt();
  }

  private static void reportUnknown(
      Tick tick, NavigableMap<Long, VenueTrade> venue, Findings findings) {
    findings.add(
        FindingKind.VENUE_UNKNOWN_TRADE,
        1,
        "trade id " + tick.tradeId() + " as tick " + tick.id(),
        () -> {
          List<String> trace = new ArrayList<>();
          trace.add("table: " + tick);
          Map.Entry<Long, VenueTrade> below = venue.lowerEntry(tick.tradeNumber());
          Map.Entry<Long, VenueTrade> above = venue.higherEntry(tick.tradeNumber());
          trace.add("venue: the one before: " + (below == null ? "none" : below.getValue()));
          trace.add("venue: the one after: " + (above == null ? "none" : above.getValue()));
          return trace;
        });
  }
}
