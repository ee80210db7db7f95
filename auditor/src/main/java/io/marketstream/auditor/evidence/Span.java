package io.marketstream.auditor.evidence;

import java.io.Serializable;

/**
 * The event times that are audited. Ticks around it may be known, and are context.
 *
 * @param since epoch ms, the first that is audited; Long.MIN_VALUE for all
 * @param until epoch ms, the first that is not; Long.MAX_VALUE for all
 */
public record Span(long since, long until) implements Serializable {
  public static final Span ALL = new Span(Long.MIN_VALUE, Long.MAX_VALUE);

  public boolean contains(long eventTime) {
    return eventTime >= since && eventTime < until;
  }

  boolean containsAll(CandleId candle) {
    return candle.openTime() >= since && candle.end() <= until;
  }

  /** Whether what is newest now is inside. */
  public boolean isUpToNow() {
    return until == Long.MAX_VALUE;
  }
}
