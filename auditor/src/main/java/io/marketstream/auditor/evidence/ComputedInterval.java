package io.marketstream.auditor.evidence;

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
public record ComputedInterval(CandleInterval interval, long latenessMs, long from, long until)
    implements Serializable {
  /** At all times. */
  public static ComputedInterval always(CandleInterval interval, long latenessMs) {
    return new ComputedInterval(interval, latenessMs, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  public boolean covers(CandleId candle) {
    return candle.openTime() >= from && candle.end() <= until;
  }
}
