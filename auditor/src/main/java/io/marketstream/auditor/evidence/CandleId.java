package io.marketstream.auditor.evidence;

import io.marketstream.model.CandleInterval;
import java.time.Instant;

/**
 * Identifies one candle of a symbol.
 *
 * @param openTime epoch ms
 */
public record CandleId(CandleInterval interval, long openTime) {
  public long end() {
    return openTime + interval.millis();
  }

  @Override
  public String toString() {
    return interval.name() + " candle of " + Instant.ofEpochMilli(openTime);
  }
}
