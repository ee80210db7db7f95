package io.marketstream.api.market;

import java.util.Comparator;

/**
 * The clustering key of a tick. The natural order is that of time, oldest first.
 *
 * @param eventTime epoch ms
 * @param session the connection that delivered the tick
 * @param sequence 0, 1, 2, … per session and symbol
 */
public record TickId(long eventTime, long session, long sequence) implements Comparable<TickId> {
  private static final Comparator<TickId> ORDER =
      Comparator.comparingLong(TickId::eventTime)
          .thenComparingLong(TickId::session)
          .thenComparingLong(TickId::sequence);

  @Override
  public int compareTo(TickId other) {
    return ORDER.compare(this, other);
  }
}
