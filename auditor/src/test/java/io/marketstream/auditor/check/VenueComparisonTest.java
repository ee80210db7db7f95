package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.VenueTrade;
import io.marketstream.auditor.report.AuditReport;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Trades 100 to 199 of a venue, one per second. Those from 110 on, and before 190, are compared.
 */
class VenueComparisonTest {
  private static final SymbolKey KEY = new SymbolKey("coinbase", "BTC-USD");
  private static final long BEGIN = 1_790_000_000_000L;
  private static final Span SPAN = new Span(at(110), at(190));

  private final TreeMap<Long, VenueTrade> venue = new TreeMap<>();
  private final List<Tick> ticks = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();

  @BeforeEach
  void trade() {
    for (long id = 100; id < 200; id++) {
      venue.put(id, trade(id, "83335.51000000"));
      ticks.add(tick(id, "83335.51", at(id), "sell", "live"));
    }
  }

  @Test
  void equalTradesAreClean() {
    AuditReport report = compare();

    assertThat(report.findings()).isEmpty();
    assertThat(report.counts().venueTrades()).isEqualTo(80);
    assertThat(report.symbols()).isZero();
  }

  @Test
  void aTradeThatIsMissingHereIsFound() {
    remove(120, 122);
    remove(130, 130);
    remove(100, 109); // before the span

    assertThat(kinds()).containsExactly("VENUE_MISSING_HERE 3", "VENUE_MISSING_HERE 1");
    assertThat(compare().findings().get(0).what()).startsWith("trade ids 120 to 122, between");
    assertThat(compare().findings().get(0).trace())
        .contains("table: not there", "gaps considered: none is recorded");
  }

  @Test
  void tradesAtBothEdgesAreMissed() {
    remove(100, 112);
    remove(187, 199);

    assertThat(kinds()).containsExactly("VENUE_MISSING_HERE 3", "VENUE_MISSING_HERE 3");
  }

  @Test
  void aGapExplainsWhatItNames() {
    remove(120, 129);
    gaps.add(gap("VENUE_DROPPED", "120", "127", null));

    assertThat(kinds()).containsExactly("VENUE_MISSING_HERE 2");

    gaps.add(gap("ABSENT_AT_VENUE", "128", "129", at(150)));
    assertThat(kinds()).isEmpty();

    gaps.set(0, gap("VENUE_DROPPED", "120", "129", at(150)));
    assertThat(kinds()).as("a gap that was repaired").containsExactly("VENUE_MISSING_HERE 8");
  }

  @Test
  void aGapWithoutIdsExplainsItsTime() {
    remove(120, 129);
    gaps.add(gap("CONNECTION_LOST", null, null, null));
    assertThat(kinds()).isEmpty();

    remove(140, 140);
    assertThat(kinds()).containsExactly("VENUE_MISSING_HERE 1");
  }

  @Test
  void aTradeThatTheVenueDoesNotHaveIsFound() {
    venue.remove(150L);
    venue.remove(195L); // after the span

    assertThat(kinds()).containsExactly("VENUE_UNKNOWN_TRADE 1");
    assertThat(compare().findings().get(0).trace().get(1)).contains("trade_id 149");
  }

  @Test
  void everyFieldIsCompared() {
    replace(tick(120, "83335.52", at(120), "sell", "live"));
    replace(tick(121, "83335.51", at(121) + 1, "sell", "live"));
    replace(tick(122, "83335.51", at(122), "buy", "live"));
    Tick right = ticks.get(23);
    ticks.set(
        23,
        new Tick(
            right.id(),
            right.eventTime(),
            right.receivedAt(),
            right.kind(),
            right.price(),
            new BigDecimal("0.6"),
            List.of(),
            right.tradeId(),
            right.side(),
            right.origin()));

    assertThat(compare().findings())
        .extracting(finding -> finding.kind() + " " + finding.what())
        .containsExactly(
            "VENUE_DIFFERENT_TRADE trade id 120 as tick 1/120:"
                + " price is 83335.52, not 83335.51000000",
            "VENUE_DIFFERENT_TRADE trade id 121 as tick 1/121: event_time is"
                + " 2026-09-21T14:14:02.001Z, not 2026-09-21T14:14:02Z",
            "VENUE_DIFFERENT_TRADE trade id 122 as tick 1/122: side is buy, not sell",
            "VENUE_DIFFERENT_TRADE trade id 123 as tick 1/123: volume is 0.6, not 0.50000000");
  }

  @Test
  void eachTickOfATradeIsCompared() {
    ticks.add(tick(120, "83335.51", at(120), "sell", "repair"));
    assertThat(kinds()).isEmpty();

    ticks.set(100, tick(120, "1", at(120), "sell", "repair"));
    assertThat(kinds()).containsExactly("VENUE_DIFFERENT_TRADE 1");
  }

  private AuditReport compare() {
    return new VenueComparison(KEY, SPAN).compare(venue, ticks, gaps);
  }

  private List<String> kinds() {
    return compare().findings().stream()
        .map(finding -> finding.kind() + " " + finding.count())
        .toList();
  }

  private void remove(long first, long last) {
    ticks.removeIf(tick -> tick.tradeNumber() >= first && tick.tradeNumber() <= last);
  }

  private void replace(Tick tick) {
    ticks.set((int) tick.tradeNumber() - 100, tick);
  }

  private static long at(long id) {
    return BEGIN + 1_000 * (id - 79);
  }

  private static VenueTrade trade(long id, String price) {
    return new VenueTrade(id, new BigDecimal(price), new BigDecimal("0.50000000"), "sell", at(id));
  }

  private static Tick tick(long id, String price, long time, String side, String origin) {
    return new Tick(
        new TickId(origin.equals("live") ? 1 : 2, id),
        time,
        time + 20,
        "trade",
        new BigDecimal(price),
        new BigDecimal("0.5"),
        List.of(),
        "" + id,
        side,
        origin);
  }

  private static Gap gap(
      String cause, @Nullable String first, @Nullable String last, @Nullable Long repairedAt) {
    return new Gap(
        KEY.symbol(), cause, at(119) + 20, at(130), 1, 1L, 20, null, first, last, repairedAt);
  }
}
