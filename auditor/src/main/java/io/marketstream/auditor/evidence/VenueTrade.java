package io.marketstream.auditor.evidence;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A trade as the venue's own history has it.
 *
 * @param takerSide what the taker did, {@code buy} or {@code sell}
 * @param time epoch ms, cut
 */
public record VenueTrade(long id, BigDecimal price, BigDecimal size, String takerSide, long time) {
  @Override
  public String toString() {
    return "trade_id "
        + id
        + " price "
        + price.toPlainString()
        + " size "
        + size.toPlainString()
        + " taker "
        + takerSide
        + " time "
        + Instant.ofEpochMilli(time);
  }
}
