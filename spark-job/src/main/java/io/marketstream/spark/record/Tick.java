package io.marketstream.spark.record;

import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
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
 * @param tradeId the venue's id of the trade, exactly as sent; null if the feed sends none
 * @param side what the taker did; null if the feed does not say
 * @param origin how a tick with a trade id arrived; null if the record does not say
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
    long sequence,
    @Nullable String tradeId,
    @Nullable TradeSide side,
    @Nullable TickOrigin origin)
    implements MarketRecord {

  /** A tick of a feed without trade ids. */
  public Tick(
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
      long sequence) {
    this(
        at,
        source,
        symbol,
        kind,
        price,
        volume,
        conditions,
        eventTime,
        receivedAt,
        session,
        sequence,
        null,
        null,
        null);
  }

  /** Returns the time order of this tick among those of its symbol. */
  public TickOrder order() {
    return new TickOrder(eventTime, TradeIds.number(tradeId), session, sequence);
  }
}
