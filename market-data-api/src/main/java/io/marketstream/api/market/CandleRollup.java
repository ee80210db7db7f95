package io.marketstream.api.market;

import io.marketstream.api.market.Candle.Prices;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.CandleKind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes larger candles from smaller ones, by the rules of the job: prices come from regular trades
 * if there are any, else from extended trades, else from indicative prices.
 *
 * <p>Two figures can differ from a candle that the job makes of the ticks themselves. The average
 * price comes from rounded averages (34 digits). A high or low of a small candle in which nothing
 * could set open and close is not known.
 */
public final class CandleRollup {
  private CandleRollup() {}

  /**
   * Rolls candles up.
   *
   * @param candles of an interval that divides {@code to}, in ascending order of time
   * @return in ascending order of time; without candles in whose time there is nothing
   */
  public static List<Candle> rollUp(List<Candle> candles, CandleInterval to) {
    List<Candle> larger = new ArrayList<>();
    List<Candle> parts = new ArrayList<>();
    long openTime = 0;
    for (Candle candle : candles) {
      long start = to.openTime(candle.openTime());
      if (!parts.isEmpty() && start != openTime) {
        larger.add(merge(openTime, parts));
        parts.clear();
      }
      openTime = start;
      parts.add(candle);
    }
    if (!parts.isEmpty()) {
      larger.add(merge(openTime, parts));
    }
    return larger;
  }

  private static Candle merge(long openTime, List<Candle> parts) {
    BigDecimal volume = BigDecimal.ZERO;
    BigDecimal turnover = BigDecimal.ZERO;
    long trades = 0;
    String kind = kind(parts);
    Prices prices = null;
    for (Candle part : parts) {
      volume = volume.add(part.volume());
      if (part.vwap() != null) {
        turnover = turnover.add(part.vwap().multiply(part.volume()));
      }
      trades += part.trades();
      if (part.prices() != null && part.kind().equals(kind)) {
        prices = prices == null ? part.prices() : join(prices, part.prices());
      }
    }
    BigDecimal vwap = parts.size() == 1 ? parts.get(0).vwap() : average(turnover, volume);
    return new Candle(openTime, prices, volume, vwap, trades, kind);
  }

  private static @Nullable BigDecimal average(BigDecimal turnover, BigDecimal volume) {
    return volume.signum() == 0 ? null : turnover.divide(volume, MathContext.DECIMAL128);
  }

  /** The kind with the highest precedence that set a price. */
  private static String kind(List<Candle> parts) {
    for (CandleKind kind : CandleKind.values()) {
      for (Candle part : parts) {
        if (part.prices() != null && part.kind().equals(kind.wireName())) {
          return kind.wireName();
        }
      }
    }
    return CandleKind.TRADE.wireName();
  }

  private static Prices join(Prices earlier, Prices later) {
    // Of equal prices that are written differently, the earlier one stays, as in the job.
    return new Prices(
        earlier.open(),
        later.high().compareTo(earlier.high()) > 0 ? later.high() : earlier.high(),
        later.low().compareTo(earlier.low()) < 0 ? later.low() : earlier.low(),
        later.close());
  }
}
