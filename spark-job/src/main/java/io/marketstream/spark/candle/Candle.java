package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import java.math.BigDecimal;

/**
 * A candle as the table holds it.
 *
 * @param interval its name, for example {@code 1m}
 * @param openTime its start, epoch ms
 * @param open null, as are high, low and close, where nothing set a price
 * @param volume of its trades; 0 where there are none
 * @param vwap volume-weighted average price of its trades; null where volume is 0
 * @param trades how many ticks moved the volume
 * @param kind of the ticks that set open, high, low and close; trade where nothing did
 * @param writeTime of its row, µs: the event time that closes the candle, plus one for each tick
 *     that was folded into it. So it depends on the topic alone and grows with every change. An
 *     older state of the candle never replaces a newer one, whatever the clocks and retries do
 */
public record Candle(
    String source,
    String symbol,
    String interval,
    long openTime,
    BigDecimal open,
    BigDecimal high,
    BigDecimal low,
    BigDecimal close,
    BigDecimal volume,
    BigDecimal vwap,
    long trades,
    CandleKind kind,
    long writeTime) {}
