package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import io.marketstream.model.TickKind;
import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A candle that ticks may still change.
 *
 * <p>Sums are exact, and only the vwap is rounded. The result therefore depends neither on the
 * order of the ticks nor on restarts.
 */
final class OpenCandle {
  private final PriceRange regular;
  private final PriceRange extended;
  private final PriceRange indicative;
  private BigDecimal volume;
  private BigDecimal turnover;
  private long trades;
  private long ticks;

  /** Whether it has changed since the last {@link #toCandle}. Not part of the state. */
  private boolean changed;

  OpenCandle() {
    this(
        new PriceRange(),
        new PriceRange(),
        new PriceRange(),
        BigDecimal.ZERO,
        BigDecimal.ZERO,
        0,
        0);
  }

  private OpenCandle(
      PriceRange regular,
      PriceRange extended,
      PriceRange indicative,
      BigDecimal volume,
      BigDecimal turnover,
      long trades,
      long ticks) {
    this.regular = regular;
    this.extended = extended;
    this.indicative = indicative;
    this.volume = volume;
    this.turnover = turnover;
    this.trades = trades;
    this.ticks = ticks;
  }

  void add(Tick tick, BigDecimal price, BigDecimal size, TradeConditions.Permission permission) {
    changed = true;
    ticks++;
    if (tick.kind() == TickKind.PRICE) {
      indicative.add(tick, price, permission);
      return;
    }
    (permission.extended() ? extended : regular).add(tick, price, permission);
    if (permission.volume()) {
      trades++;
      volume = volume.add(size);
      turnover = turnover.add(price.multiply(size));
    }
  }

  boolean isChanged() {
    return changed;
  }

  /**
   * Returns the present candle, and marks it as unchanged.
   *
   * @param closesAt the event time that closes it, epoch ms
   */
  Candle toCandle(String source, String symbol, String interval, long openTime, long closesAt) {
    changed = false;
    CandleKind kind = kind();
    PriceRange range =
        switch (kind) {
          case TRADE -> regular;
          case EXTENDED -> extended;
          case PRICE -> indicative;
        };
    boolean complete = range.isComplete();
    return new Candle(
        source,
        symbol,
        interval,
        openTime,
        complete ? range.open() : null,
        complete ? range.high() : null,
        complete ? range.low() : null,
        complete ? range.close() : null,
        volume,
        volume.signum() == 0 ? null : turnover.divide(volume, MathContext.DECIMAL128),
        trades,
        kind,
        closesAt * 1000 + ticks);
  }

  private CandleKind kind() {
    if (regular.isComplete()) {
      return CandleKind.TRADE;
    }
    if (extended.isComplete()) {
      return CandleKind.EXTENDED;
    }
    return indicative.isComplete() ? CandleKind.PRICE : CandleKind.TRADE;
  }

  void write(BinaryWriter out) {
    regular.write(out);
    extended.write(out);
    indicative.write(out);
    out.writeDecimal(volume);
    out.writeDecimal(turnover);
    out.writeLong(trades);
    out.writeLong(ticks);
  }

  /** Reads a candle; see {@link PriceRange#read}. */
  static OpenCandle read(BinaryReader in, boolean withTradeIds) {
    return new OpenCandle(
        PriceRange.read(in, withTradeIds),
        PriceRange.read(in, withTradeIds),
        PriceRange.read(in, withTradeIds),
        in.readDecimal(),
        in.readDecimal(),
        in.readLong(),
        in.readLong());
  }
}
