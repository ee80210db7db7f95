package io.marketstream.spark.record;

/**
 * The place of a tick in the time order of its symbol: by event time, trade id, session and
 * sequence.
 *
 * <p>The trade id comes before session and sequence, because a repaired tick has an earlier session
 * than the live ticks that were traded before it. Many trades of a venue have the same millisecond.
 *
 * @param eventTime epoch ms
 * @param tradeNumber the number of the trade id, or {@link TradeIds#NO_NUMBER}
 * @param session the connection that delivered the tick; 1 for repaired ticks
 * @param sequence its number in the session; the trade id for repaired ticks
 */
public record TickOrder(long eventTime, long tradeNumber, long session, long sequence)
    implements Comparable<TickOrder> {

  @Override
  public int compareTo(TickOrder other) {
    if (eventTime != other.eventTime) {
      return Long.compare(eventTime, other.eventTime);
    }
    if (tradeNumber != other.tradeNumber) {
      return Long.compare(tradeNumber, other.tradeNumber);
    }
    if (session != other.session) {
      return Long.compare(session, other.session);
    }
    return Long.compare(sequence, other.sequence);
  }
}
