package io.marketstream.spark.candle;

import io.marketstream.model.CandleInterval;
import java.util.List;

/**
 * The rules of the fold, from the options of the job.
 *
 * @param intervals the candle intervals; no two have the same length
 * @param latenessMs how far the newest event time must be past the end of a candle to close it
 * @param conditions what each trade condition code allows
 */
public record FoldRules(
    List<CandleInterval> intervals, long latenessMs, TradeConditions conditions) {
  public FoldRules {
    intervals = List.copyOf(intervals);
  }
}
