package io.marketstream.spark.record;

import io.marketstream.model.TickKind;
import java.util.List;

/**
 * One tick of the topic, checked. Decimals stay the text they arrived as: whoever computes with
 * them makes them a {@link java.math.BigDecimal}, and the table gets the very digits of the feed.
 *
 * @param at where it stands in Kafka
 * @param source the feed, {@code [a-z][a-z0-9-]{0,31}}
 * @param symbol as the provider spells it
 * @param kind trade or price
 * @param price decimal text
 * @param volume decimal text, not negative; null where the feed sends none
 * @param conditions trade condition codes in wire order; null where the feed sends none
 * @param eventTime the provider's time, epoch ms
 * @param receivedAt when the frame was read from the socket, epoch ms
 * @param session the connection that delivered it, epoch ms at which it opened
 * @param sequence 0, 1, 2 … per (session, symbol)
 */
public record Tick(
    RecordPosition at,
    String source,
    String symbol,
    TickKind kind,
    String price,
    String volume,
    List<String> conditions,
    long eventTime,
    long receivedAt,
    long session,
    long sequence)
    implements MarketRecord {

  /** Whether this tick is newer than the other by (event time, session, sequence). */
  public boolean isNewerThan(Tick other) {
    if (eventTime != other.eventTime) {
      return eventTime > other.eventTime;
    }
    if (session != other.session) {
      return session > other.session;
    }
    return sequence > other.sequence;
  }
}
