package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import io.marketstream.spark.codec.BinaryReader;
import io.marketstream.spark.codec.BinaryWriter;
import io.marketstream.spark.record.Tick;
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
  private record Point(BigDecimal price, long eventTime, long session, long sequence) {
    boolean isBefore(Point other) {
      if (eventTime != other.eventTime) {
        return eventTime < other.eventTime;
      }
      if (session != other.session) {
        return session < other.session;
      }
      return sequence < other.sequence;
    }

    void write(BinaryWriter out) {
      out.writeDecimal(price);
      out.writeLong(eventTime);
      out.writeLong(session);
      out.writeLong(sequence);
    }

    static Point read(BinaryReader in) {
      return new Point(in.readDecimal(), in.readLong(), in.readLong(), in.readLong());
    }
  }

  private @Nullable Point first;
  private @Nullable Point last;
  private @Nullable BigDecimal high;
  private @Nullable BigDecimal low;

  void add(Tick tick, BigDecimal price, TradeConditions.Permission permission) {
    if (permission.last()) {
      Point point = new Point(price, tick.eventTime(), tick.session(), tick.sequence());
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

  static PriceRange read(BinaryReader in) {
    PriceRange range = new PriceRange();
    int flags = in.readByte();
    if ((flags & 1) != 0) {
      range.first = Point.read(in);
      range.last = Point.read(in);
    }
    if ((flags & 2) != 0) {
      range.high = in.readDecimal();
      range.low = in.readDecimal();
    }
    return range;
  }
}
