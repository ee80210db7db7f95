package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.VenueTrade;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The time that is compared with a venue. */
class VenueAuditTest {
  private static final long NOW = 1_700_000_000_000L;

  @Test
  void theLastMinuteIsNotCompared() {
    assertThat(VenueAudit.settledUntil(Long.MAX_VALUE, NOW, Long.MAX_VALUE))
        .isEqualTo(NOW - 60_000);
    assertThat(VenueAudit.settledUntil(NOW - 90_000, NOW, NOW)).isEqualTo(NOW - 90_000);
  }

  /** Its progress is in times of receipt, which are later than those of the trades. */
  @Test
  void theLastMinuteOfAJobThatIsBehindIsNotCompared() {
    assertThat(VenueAudit.settledUntil(NOW, NOW, NOW - 300_000)).isEqualTo(NOW - 360_000);
  }

  @Test
  void nothingIsComparedIfTheJobHasReportedNothing() {
    assertThat(VenueAudit.settledUntil(NOW, NOW, Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
  }

  /** The tables do not say which products a connector records. */
  @Test
  void aProductWithoutTicksAtTheEndMayNotBeRecordedAnyMore() {
    List<Tick> stored = List.of(tick(NOW - 9_000), tick(NOW - 8_000));

    assertThat(
            endOfRecording(List.of(trade(NOW - 9_000), trade(NOW - 7_000)), stored).orElseThrow())
        .startsWith("coinbase BTC-USD has no tick after 2023-11-14T22:13:12Z")
        .endsWith("name the other products with --venue-products");
  }

  @Test
  void aTradeThatIsMissingBetweenTicksIsNoEnd() {
    List<Tick> stored = List.of(tick(NOW - 9_000), tick(NOW - 7_000));

    assertThat(endOfRecording(List.of(trade(NOW - 8_000), trade(NOW - 7_000)), stored)).isEmpty();
  }

  @Test
  void tradesAfterTheComparedTimeDoNotCount() {
    assertThat(endOfRecording(List.of(trade(NOW + 1)), List.of(tick(NOW - 9_000)))).isEmpty();
  }

  private static Optional<String> endOfRecording(List<VenueTrade> trades, List<Tick> stored) {
    return VenueAudit.endOfRecording(
        new SymbolKey("coinbase", "BTC-USD"), new Span(NOW - 10_000, NOW), trades, stored);
  }

  private static VenueTrade trade(long time) {
    return new VenueTrade(1, BigDecimal.ONE, BigDecimal.ONE, "buy", time);
  }

  private static Tick tick(long time) {
    return new Tick(
        new TickId(1, 1), time, time, "trade", BigDecimal.ONE, BigDecimal.ONE, List.of());
  }
}
