package io.marketstream.api.market;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table {@code ticks} or {@code latest_ticks}.
 *
 * @param id its place in the order of the table
 * @param kind {@code trade} or {@code price}
 * @param price exact
 * @param volume exact; null if the feed sends none
 * @param conditions the feed's condition codes; empty if there are none
 * @param receivedAt epoch ms at which the connector read it from the socket
 * @param tradeId the venue's id of the trade; null if the feed sends none
 * @param side {@code buy} or {@code sell}: what the taker did; null if the feed does not say
 * @param origin {@code live} or {@code repair}; null without a trade id
 */
public record Tick(
    Instrument instrument,
    TickId id,
    String kind,
    BigDecimal price,
    @Nullable BigDecimal volume,
    List<String> conditions,
    long receivedAt,
    @Nullable String tradeId,
    @Nullable String side,
    @Nullable String origin) {

  /** A tick of a feed without trade ids. */
  public Tick(
      Instrument instrument,
      TickId id,
      String kind,
      BigDecimal price,
      @Nullable BigDecimal volume,
      List<String> conditions,
      long receivedAt) {
    this(instrument, id, kind, price, volume, conditions, receivedAt, null, null, null);
  }

  public long eventTime() {
    return id.eventTime();
  }
}
