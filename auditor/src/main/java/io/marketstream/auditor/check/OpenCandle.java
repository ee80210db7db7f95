package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.Tick;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * A candle while its ticks come, in the order of the topic as far as it is known: of equal prices
 * with another scale the first is high or low. Not thread-safe.
 */
final class OpenCandle {
  private static final TradeConditions CONDITIONS = new TradeConditions();

  private final CandleId id;
  private final Prices regular = new Prices();
  private final Prices extended = new Prices();
  private final Prices quoted = new Prices();
  private BigDecimal volume = BigDecimal.ZERO;
  private BigDecimal turnover = BigDecimal.ZERO;
  private long trades;
  private long ticks;
  private @Nullable Tick first;
  private @Nullable Tick last;

  OpenCandle(CandleId id) {
    this.id = id;
  }

  CandleId id() {
    return id;
  }

  void add(Tick tick) {
    first = ticks == 0 ? tick : first;
    last = tick;
    ticks++;
    if (!tick.isTrade()) {
      quoted.add(tick);
      return;
    }
    (CONDITIONS.isExtended(tick.conditions()) ? extended : regular).add(tick);
    if (CONDITIONS.movesVolume(tick.conditions())) {
      BigDecimal size = tick.volume() == null ? BigDecimal.ZERO : tick.volume();
      volume = volume.add(size);
      turnover = turnover.add(tick.price().multiply(size));
      trades++;
    }
  }

  Candle candle() {
    Prices prices =
        regular.isSet() ? regular : extended.isSet() ? extended : quoted.isSet() ? quoted : null;
    Tick open = prices == null ? null : prices.open;
    Tick close = prices == null ? null : prices.close;
    return new Candle(
        id.interval().name(),
        id.openTime(),
        open == null ? null : open.price(),
        prices == null ? null : prices.high,
        prices == null ? null : prices.low,
        close == null ? null : close.price(),
        volume,
        volume.signum() == 0 ? null : turnover.divide(volume, MathContext.DECIMAL128),
        trades,
        prices == extended ? Candle.EXTENDED : prices == quoted ? Tick.PRICE : Tick.TRADE);
  }

  /** Null before the first. */
  @Nullable Tick first() {
    return first;
  }

  /** Null before the first. */
  @Nullable Tick last() {
    return last;
  }

  long ticks() {
    return ticks;
  }

  /** What the ticks of one kind set. */
  private static final class Prices {
    private @Nullable Tick open;
    private @Nullable Tick close;
    private @Nullable BigDecimal high;
    private @Nullable BigDecimal low;

    boolean isSet() {
      return open != null;
    }

    void add(Tick tick) {
      if (CONDITIONS.movesOpenAndClose(tick.conditions())) {
        open = open == null || Tick.BY_TIME.compare(tick, open) < 0 ? tick : open;
        close = close == null || Tick.BY_TIME.compare(tick, close) >= 0 ? tick : close;
      }
      if (CONDITIONS.movesHighAndLow(tick.conditions())) {
        high = high == null || tick.price().compareTo(high) > 0 ? tick.price() : high;
        low = low == null || tick.price().compareTo(low) < 0 ? tick.price() : low;
      }
    }
  }
}
