package io.marketstream.auditor;

import io.marketstream.model.CandleInterval;
import java.time.Instant;

/**
 * One candle of a known symbol.
 *
 * @param openTime epoch ms
 */
record CandleId(CandleInterval interval, long openTime) {
  long end() {
    return openTime + interval.millis();
  }

  @Override
  public String toString() {
    return interval.name() + " candle of " + Instant.ofEpochMilli(openTime);
  }
}
