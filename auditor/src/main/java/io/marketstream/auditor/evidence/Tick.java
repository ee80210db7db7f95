package io.marketstream.auditor.evidence;

import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tick of a symbol, as a topic or a table has it.
 *
 * @param eventTime epoch ms
 * @param receivedAt epoch ms
 * @param kind {@code trade} or {@code price}
 * @param price the price, with the scale of the text
 * @param volume the volume, with the scale of the text; null if there is none
 * @param conditions condition codes; empty if there are none, because a table does not distinguish
 *     null and empty
 * @param tradeId the venue's id of the trade; null if the feed sends none
 * @param side {@code buy} or {@code sell}; null if the feed does not say
 * @param origin {@code live} or {@code repair}; null if the record does not say
 */
public record Tick(
    TickId id,
    long eventTime,
    long receivedAt,
    String kind,
    BigDecimal price,
    @Nullable BigDecimal volume,
    List<String> conditions,
    @Nullable String tradeId,
    @Nullable String side,
    @Nullable String origin)
    implements Serializable {

  public static final String TRADE = TickKind.TRADE.wireName();
  public static final String PRICE = TickKind.PRICE.wireName();

  private static final String REPAIR = TickOrigin.REPAIR.wireName();

  /**
   * Orders by event time, then as the venue counted its trades, then in the order of the socket.
   */
  public static final Comparator<Tick> BY_TIME =
      Comparator.comparingLong(Tick::eventTime)
          .thenComparingLong(Tick::tradeNumber)
          .thenComparingLong(tick -> tick.id().session())
          .thenComparingLong(tick -> tick.id().sequence());

  /** Orders as the socket did, as far as that is known without the topic. */
  public static final Comparator<Tick> ARRIVAL =
      Comparator.comparingLong(Tick::receivedAt)
          .thenComparingLong(tick -> tick.id().session())
          .thenComparingLong(tick -> tick.id().sequence());

  /** A tick of a feed without trade ids. */
  public Tick(
      TickId id,
      long eventTime,
      long receivedAt,
      String kind,
      BigDecimal price,
      @Nullable BigDecimal volume,
      List<String> conditions) {
    this(id, eventTime, receivedAt, kind, price, volume, conditions, null, null, null);
  }

  public Tick {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  public boolean isTrade() {
    return kind.equals(TRADE);
  }

  /** Whether it came from the venue's history, after a gap. */
  public boolean isRepair() {
    return REPAIR.equals(origin);
  }

  /** Returns this tick with another receipt, epoch ms. */
  public Tick withReceipt(long time) {
    return new Tick(id, eventTime, time, kind, price, volume, conditions, tradeId, side, origin);
  }

  /** The trade id as a number, or {@link TradeNumber#NONE}. */
  public long tradeNumber() {
    return TradeNumber.of(tradeId);
  }

  /**
   * Returns the tick as the table {@code latest_ticks} stores it: with volume 0 if there is none,
   * and without trade id, side and origin.
   */
  public Tick asLatest() {
    return volume != null && tradeId == null && side == null && origin == null
        ? this
        : new Tick(
            id,
            eventTime,
            receivedAt,
            kind,
            price,
            volume == null ? BigDecimal.ZERO : volume,
            conditions);
  }

  @Override
  public String toString() {
    return kind
        + " "
        + id
        + " price "
        + price
        + " volume "
        + volume
        + " conditions "
        + conditions
        + " event_time "
        + Instant.ofEpochMilli(eventTime)
        + " received_at "
        + Instant.ofEpochMilli(receivedAt)
        + (tradeId == null ? "" : " trade_id " + tradeId)
        + (side == null ? "" : " side " + side)
        + (origin == null ? "" : " origin " + origin);
  }
}
