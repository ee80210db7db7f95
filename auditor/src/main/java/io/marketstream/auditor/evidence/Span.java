package io.marketstream.auditor.evidence;

import java.io.Serializable;

/**
 * The range of event times that is audited. Ticks outside it may be read as context.
 *
 * @param since epoch ms, inclusive; Long.MIN_VALUE for no limit
 * @param until epoch ms, exclusive; Long.MAX_VALUE for no limit
 */
public record Span(long since, long until) implements Serializable {
  public static final Span ALL = new Span(Long.MIN_VALUE, Long.MAX_VALUE);

  public boolean contains(long eventTime) {
    return eventTime >= since && eventTime < until;
  }

  boolean containsAll(CandleId candle) {
    return candle.openTime() >= since && candle.end() <= until;
  }

  /** Whether the span has no upper limit. */
  public boolean isUpToNow() {
    return until == Long.MAX_VALUE;
  }
}
