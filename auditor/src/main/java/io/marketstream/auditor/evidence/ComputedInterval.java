package io.marketstream.auditor.evidence;

import io.marketstream.model.CandleInterval;
import java.io.Serializable;

/**
 * An interval whose candles the job computes, and the time for which it does so.
 *
 * @param latenessMs how long a candle stays open after its end, in event time
 * @param from epoch ms; candles that open earlier are not checked, because no job computed them
 *     with these options
 * @param until epoch ms; candles that end later are not checked
 */
public record ComputedInterval(CandleInterval interval, long latenessMs, long from, long until)
    implements Serializable {
  /** Creates an interval whose candles were always computed. */
  public static ComputedInterval always(CandleInterval interval, long latenessMs) {
    return new ComputedInterval(interval, latenessMs, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  public boolean covers(CandleId candle) {
    return candle.openTime() >= from && candle.end() <= until;
  }
}
