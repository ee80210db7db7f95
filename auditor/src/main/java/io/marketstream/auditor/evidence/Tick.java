package io.marketstream.auditor.evidence;

import io.marketstream.model.TickKind;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * A tick of a known symbol, as the topic or a table has it.
 *
 * @param eventTime epoch ms
 * @param receivedAt epoch ms
 * @param kind {@code trade} or {@code price}
 * @param price with the scale that it is written with
 * @param volume the same; null where there is none
 * @param conditions empty where there are none: a table does not tell null from empty
 */
public record Tick(
    TickId id,
    long eventTime,
    long receivedAt,
    String kind,
    BigDecimal price,
    BigDecimal volume,
    List<String> conditions)
    implements Serializable {

  public static final String TRADE = TickKind.TRADE.wireName();
  public static final String PRICE = TickKind.PRICE.wireName();

  /** By the provider's time, then in the order of the socket. */
  public static final Comparator<Tick> BY_TIME =
      Comparator.comparingLong(Tick::eventTime)
          .thenComparingLong(tick -> tick.id().session())
          .thenComparingLong(tick -> tick.id().sequence());

  /** In the order of the socket, as far as it is known without the topic. */
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

  /** The same with what the table {@code latest_ticks} writes where there is no volume. */
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
