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
 */
public record Tick(
    Instrument instrument,
    TickId id,
    String kind,
    BigDecimal price,
    @Nullable BigDecimal volume,
    List<String> conditions,
    long receivedAt) {

  public long eventTime() {
    return id.eventTime();
  }
}
