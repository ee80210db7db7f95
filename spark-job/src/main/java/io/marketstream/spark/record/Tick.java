package io.marketstream.spark.record;

import io.marketstream.model.TickKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A validated tick of the topic.
 *
 * <p>Decimals stay text, so that the table gets the digits of the feed. Code that computes with
 * them converts them to {@link java.math.BigDecimal}.
 *
 * @param at position of the record in Kafka
 * @param source the feed, {@code [a-z][a-z0-9-]{0,31}}
 * @param symbol as the provider spells it
 * @param kind trade or price
 * @param price decimal text
 * @param volume decimal text, not negative; null if the feed sends none
 * @param conditions trade condition codes in the order of the feed; null if it sends none
 * @param eventTime the provider's time of the tick, epoch ms
 * @param receivedAt when the connector read the frame from the socket, epoch ms
 * @param session the connection that delivered the tick: epoch ms of its opening
 * @param sequence 0, 1, 2 … per (session, symbol)
 */
public record Tick(
    RecordPosition at,
    String source,
    String symbol,
    TickKind kind,
    String price,
    @Nullable String volume,
    @Nullable List<String> conditions,
    long eventTime,
    long receivedAt,
    long session,
    long sequence)
    implements MarketRecord {

  /** Returns whether this tick is newer than the other, by event time, session and sequence. */
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
