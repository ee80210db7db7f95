package io.marketstream.auditor.evidence;

import io.marketstream.model.TickKind;
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
 */
public record Tick(
    TickId id,
    long eventTime,
    long receivedAt,
    String kind,
    BigDecimal price,
    @Nullable BigDecimal volume,
    List<String> conditions)
    implements Serializable {

  public static final String TRADE = TickKind.TRADE.wireName();
  public static final String PRICE = TickKind.PRICE.wireName();

  /** Orders by event time, then in the order of the socket. */
  public static final Comparator<Tick> BY_TIME =
      Comparator.comparingLong(Tick::eventTime)
          .thenComparingLong(tick -> tick.id().session())
          .thenComparingLong(tick -> tick.id().sequence());

  /** Orders as the socket did, as far as that is known without the topic. */
  public static final Comparator<Tick> ARRIVAL =
      Comparator.comparingLong(Tick::receivedAt)
          .thenComparingLong(tick -> tick.id().session())
          .thenComparingLong(tick -> tick.id().sequence());

  public Tick {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  public boolean isTrade() {
    return kind.equals(TRADE);
  }

  /**
   * Returns the tick as the table {@code latest_ticks} stores it: with volume 0 if there is none.
   */
  public Tick asLatest() {
    return volume != null
        ? this
        : new Tick(id, eventTime, receivedAt, kind, price, BigDecimal.ZERO, conditions);
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
        + Instant.ofEpochMilli(receivedAt);
  }
}
