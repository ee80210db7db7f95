package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.model.CandleInterval;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Candles that were computed by hand. */
class OpenCandleTest {
  private static final CandleInterval MINUTE = CandleInterval.parse("1m");

  @Test
  void conditionCodesDecideWhatATradeMoves() {
    Candle candle =
        candle(
            trade(0, 100, "164", "100", "1"),
            trade(1, 500, "170", "5", "1", "12"), // volume only
            trade(2, 300, "160", "10", "9"), // high, low and volume
            trade(3, 50, "163", "2"), // the earliest
            trade(4, 600, "1", "1000", "16")); // nothing

    assertThat(candle)
        .isEqualTo(
            new Candle(
                "1m",
                0,
                new BigDecimal("163"),
                new BigDecimal("164"),
                new BigDecimal("160"),
                new BigDecimal("164"),
                new BigDecimal("117"),
                new BigDecimal("163.8974358974358974358974358974359"),
                4,
                "trade"));
  }

  @Test
  void pricesSetACandleUntilATradeDoes() {
    Tick price = new Tick(new TickId(1, 0), 1, 1, "price", new BigDecimal("7"), null, null);

    assertThat(candle(price))
        .extracting(Candle::open, Candle::kind, Candle::trades, Candle::vwap)
        .containsExactly(new BigDecimal("7"), "price", 0L, null);
    assertThat(candle(price, trade(1, 2, "9", "1")))
        .extracting(Candle::open, Candle::low, Candle::kind)
        .containsExactly(new BigDecimal("9"), new BigDecimal("9"), "trade");
    assertThat(candle(trade(1, 2, "9", "1", "12")))
        .as("volume alone")
        .extracting(Candle::open, Candle::high, Candle::kind)
        .containsExactly(null, null, "trade");
  }

  @Test
  void extendedTradesSetACandleUntilARegularTradeDoes() {
    Tick price = new Tick(new TickId(1, 9), 0, 9, "price", new BigDecimal("7"), null, null);
    Tick before = trade(0, 1, "187.10", "100", "24");
    Tick auction = trade(1, 2, "189", "50000", "34");
    Tick after = trade(2, 3, "205", "100", "1", "24");

    assertThat(candle(price, before))
        .extracting(Candle::open, Candle::high, Candle::volume, Candle::kind)
        .containsExactly(
            new BigDecimal("187.10"), new BigDecimal("187.10"), new BigDecimal("100"), "extended");
    assertThat(candle(price, before, auction, after))
        .extracting(Candle::open, Candle::high, Candle::low, Candle::close, Candle::kind)
        .containsExactly(
            new BigDecimal("189"),
            new BigDecimal("189"),
            new BigDecimal("189"),
            new BigDecimal("189"),
            "trade");
    assertThat(candle(price, before, auction, after).volume()).isEqualTo("50200");
    assertThat(candle(price, trade(3, 4, "1", "5", "25")))
        .as("volume alone")
        .extracting(Candle::open, Candle::volume, Candle::kind)
        .containsExactly(new BigDecimal("7"), new BigDecimal("5"), "price");
  }

  private static Candle candle(Tick... ticks) {
    return candleOf(0, ticks);
  }

  private static Candle candleOf(long openTime, Tick... ticks) {
    CandleId id = new CandleId(MINUTE, openTime);
    OpenCandle candle = new OpenCandle(id);
    List.of(ticks).forEach(candle::add);
    assertThat(candle.candle())
        .as("computed again from the list")
        .isEqualTo(new CandleRecomputation().candle(id, List.of(ticks)));
    return candle.candle();
  }

  /** Received in the order of their numbers. */
  private static Tick trade(
      long sequence, long eventTime, String price, String volume, String... conditions) {
    return new Tick(
        new TickId(1, sequence),
        eventTime,
        sequence,
        "trade",
        new BigDecimal(price),
        new BigDecimal(volume),
        List.of(conditions));
  }
}
