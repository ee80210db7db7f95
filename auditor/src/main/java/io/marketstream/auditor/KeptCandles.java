package io.marketstream.auditor;

import io.marketstream.model.CandleInterval;
import java.io.Serializable;

/**
 * The candles of one interval that the job keeps.
 *
 * @param latenessMs how long a candle stays open behind its end, in event time
 * @param from epoch ms; candles that open before are not checked, because no job kept them or one
 *     with other options did
 * @param until epoch ms; candles that end later are not checked
 */
public record KeptCandles(CandleInterval interval, long latenessMs, long from, long until)
    implements Serializable {
  /** At all times. */
  public static KeptCandles always(CandleInterval interval, long latenessMs) {
    return new KeptCandles(interval, latenessMs, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  boolean covers(CandleId candle) {
    return candle.openTime() >= from && candle.end() <= until;
  }
}
