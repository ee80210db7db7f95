package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.model.CandleInterval;
import java.io.Serializable;
import java.util.List;

/**
 * What is audited, and by which options of the job.
 *
 * @param candles of the intervals to check; none where none is kept, though a job keeps at least
 *     one
 * @param ticksFrom epoch ms, at or before the beginning of the span: of event times from then on
 *     every row is read
 * @param aheadMs the job rejects ticks whose event time is further ahead of their receipt
 */
public record AuditRules(Span span, List<ComputedInterval> candles, long ticksFrom, long aheadMs)
    implements Serializable {
  public AuditRules {
    candles = List.copyOf(candles);
  }

  /** With any event time. */
  public AuditRules(Span span, List<ComputedInterval> candles, long ticksFrom) {
    this(span, candles, ticksFrom, Long.MAX_VALUE);
  }

  /** Intervals that were always kept, with one lateness. */
  public static AuditRules always(Span span, List<CandleInterval> intervals, long latenessMs) {
    return new AuditRules(
        span,
        intervals.stream().map(each -> ComputedInterval.always(each, latenessMs)).toList(),
        span.since());
  }

  /** A candle that began before the span is audited if all its ticks are read. */
  boolean isAudited(CandleId candle) {
    return candle.openTime() >= ticksFrom
        && candle.end() > span.since()
        && candle.end() <= span.until();
  }
}
