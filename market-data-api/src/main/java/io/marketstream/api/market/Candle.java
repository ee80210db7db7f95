package io.marketstream.api.market;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A candle, stored or rolled up.
 *
 * @param openTime its start, epoch ms
 * @param prices null if nothing set a price in its time
 * @param volume of its trades; 0 if there are none
 * @param vwap volume-weighted average price of its trades; null if the volume is 0
 * @param trades the number of ticks that moved the volume
 * @param kind of the ticks that set the prices, a name of {@link io.marketstream.model.CandleKind}
 */
public record Candle(
    long openTime,
    @Nullable Prices prices,
    BigDecimal volume,
    @Nullable BigDecimal vwap,
    long trades,
    String kind) {

  /** Open, high, low and close. */
  public record Prices(BigDecimal open, BigDecimal high, BigDecimal low, BigDecimal close) {}
}
