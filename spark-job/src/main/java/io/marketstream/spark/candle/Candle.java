package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A row of the candles table.
 *
 * @param interval name of the interval, for example {@code 1m}
 * @param openTime start of the candle, epoch ms
 * @param open null if no tick set a price; high, low and close are then null too
 * @param volume sum of its trades; 0 if there are none
 * @param vwap volume-weighted average price of its trades; null if the volume is 0
 * @param trades number of ticks that counted for the volume
 * @param kind kind of the ticks that set the prices; trade if no tick did
 * @param writeTime write time of the row, µs: the event time that closes the candle, plus one for
 *     each tick that was folded into it. It depends only on the topic and grows with every change,
 *     so an older state of the candle never replaces a newer one
 */
public record Candle(
    String source,
    String symbol,
    String interval,
    long openTime,
    @Nullable BigDecimal open,
    @Nullable BigDecimal high,
    @Nullable BigDecimal low,
    @Nullable BigDecimal close,
    BigDecimal volume,
    @Nullable BigDecimal vwap,
    long trades,
    CandleKind kind,
    long writeTime) {}
