package io.marketstream.spark.candle;

import io.marketstream.model.CandleInterval;
import java.util.List;

/**
 * What the fold is told by the job's options.
 *
 * @param intervals the candles to keep; no two of the same length
 * @param latenessMs how far a symbol's newest event time must pass a candle's end to close it
 * @param conditions what condition codes allow
 */
public record FoldRules(
    List<CandleInterval> intervals, long latenessMs, TradeConditions conditions) {
  public FoldRules {
    intervals = List.copyOf(intervals);
  }
}
