package io.marketstream.pipeline;

import io.marketstream.simulator.journal.SentTick;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a feed sent of a tick, in one form for the simulator's record, the topic and the table.
 * Tests compare it by content. Decimals keep their scale.
 *
 * @param sequence the number within the session, which is a connection for the simulator
 * @param eventTime epoch ms; null if the feed sends none
 */
public record TickContent(
    String source,
    String symbol,
    long sequence,
    String kind,
    BigDecimal price,
    BigDecimal volume,
    List<String> conditions,
    Long eventTime) {

  public static TickContent of(SentTick sent, String source) {
    BigDecimal volume = sent.volume() == null ? null : new BigDecimal(sent.volume());
    boolean isTrade = volume != null && volume.signum() != 0;
    return new TickContent(
        source,
        sent.symbol(),
        sent.sequence(),
        isTrade ? "trade" : "price",
        new BigDecimal(sent.price()),
        volume,
        sent.conditions() == null ? List.of() : sent.conditions(),
        sent.eventTimeMs());
  }

  public static TickContent of(StoredTick tick) {
    boolean hasOwnTime = tick.eventTime() != tick.receivedAt();
    return new TickContent(
        tick.source(),
        tick.symbol(),
        tick.sequence(),
        tick.kind(),
        tick.price(),
        tick.volume(),
        tick.conditions() == null ? List.of() : tick.conditions(),
        // CoinCap sends no times, so the connector takes the time of receipt.
        tick.source().startsWith("coincap") && !hasOwnTime ? null : (Long) tick.eventTime());
  }
}
