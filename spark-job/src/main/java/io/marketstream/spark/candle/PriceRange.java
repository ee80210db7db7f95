package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import io.marketstream.spark.record.Tick;
import io.marketstream.spark.record.TickOrder;
import io.marketstream.spark.record.TradeIds;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Open, high, low and close of one {@link CandleKind kind} of tick within one candle.
 *
 * <p>High and low may be known before open and close. Such a range is not complete, and the candle
 * does not show it yet.
 */
final class PriceRange {
  /** A price with its time, which decides which price is first and which is last. */
  private record Point(BigDecimal price, TickOrder order) {
    boolean isBefore(Point other) {
      return order.compareTo(other.order) < 0;
    }

    void write(BinaryWriter out) {
      out.writeDecimal(price);
      out.writeLong(order.eventTime());
      out.writeLong(order.session());
      out.writeLong(order.sequence());
      out.writeLong(order.tradeNumber());
    }

    static Point read(BinaryReader in, boolean withTradeIds) {
      BigDecimal price = in.readDecimal();
      long eventTime = in.readLong();
      long session = in.readLong();
      long sequence = in.readLong();
      long tradeNumber = withTradeIds ? in.readLong() : TradeIds.NO_NUMBER;
      return new Point(price, new TickOrder(eventTime, tradeNumber, session, sequence));
    }
  }

  private @Nullable Point first;
  private @Nullable Point last;
  private @Nullable BigDecimal high;
  private @Nullable BigDecimal low;

  void add(Tick tick, BigDecimal price, TradeConditions.Permission permission) {
    if (permission.last()) {
      Point point = new Point(price, tick.order());
      first = first == null || point.isBefore(first) ? point : first;
      last = last == null || last.isBefore(point) ? point : last;
    }
    // Open and close must lie between low and high, even if the list of codes says otherwise.
    if (permission.highLow() || permission.last()) {
      // If prices are equal but written differently (1.5, 1.50), the first in the topic stays.
      high = high == null || price.compareTo(high) > 0 ? price : high;
      low = low == null || price.compareTo(low) < 0 ? price : low;
    }
  }

  /** Returns whether a tick set open and close. Only then may the prices be read. */
  boolean isComplete() {
    return first != null;
  }

  @Nullable BigDecimal open() {
    return first == null ? null : first.price();
  }

  @Nullable BigDecimal high() {
    return high;
  }

  @Nullable BigDecimal low() {
    return low;
  }

  @Nullable BigDecimal close() {
    return last == null ? null : last.price();
  }

  void write(BinaryWriter out) {
    out.writeByte((first == null ? 0 : 1) | (high == null ? 0 : 2));
    if (first != null && last != null) { // null together
      first.write(out);
      last.write(out);
    }
    if (high != null && low != null) { // null together
      out.writeDecimal(high);
      out.writeDecimal(low);
    }
  }

  /**
   * Reads a range.
   *
   * @param withTradeIds whether its points have trade ids, as from version 3 of the state
   */
  static PriceRange read(BinaryReader in, boolean withTradeIds) {
    PriceRange range = new PriceRange();
    int flags = in.readByte();
    if ((flags & 1) != 0) {
      range.first = Point.read(in, withTradeIds);
      range.last = Point.read(in, withTradeIds);
    }
    if ((flags & 2) != 0) {
      range.high = in.readDecimal();
      range.low = in.readDecimal();
    }
    return range;
  }
}
