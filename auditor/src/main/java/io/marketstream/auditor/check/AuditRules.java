package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.model.CandleInterval;
import java.io.Serializable;
import java.util.List;

/**
 * What is audited, and with which options of the job.
 *
 * @param candles the candle intervals to check; empty if the job reports none, which is an error if
 *     there are ticks
 * @param ticksFrom epoch ms, at or before the beginning of the span; every row with an event time
 *     from then on is read
 * @param aheadMs the job rejects ticks whose event time is ahead of their receipt by more than this
 */
public record AuditRules(Span span, List<ComputedInterval> candles, long ticksFrom, long aheadMs)
    implements Serializable {
  public AuditRules {
    candles = List.copyOf(candles);
  }

  /** Creates rules that accept any event time. */
  public AuditRules(Span span, List<ComputedInterval> candles, long ticksFrom) {
    this(span, candles, ticksFrom, Long.MAX_VALUE);
  }

  /** Creates rules with intervals that the job has always computed, with one lateness. */
  public static AuditRules always(Span span, List<CandleInterval> intervals, long latenessMs) {
    return new AuditRules(
        span,
        intervals.stream().map(each -> ComputedInterval.always(each, latenessMs)).toList(),
        span.since());
  }

  /** Whether a candle is audited. One that began before the span is, if all its ticks are read. */
  boolean isAudited(CandleId candle) {
    return candle.openTime() >= ticksFrom
        && candle.end() > span.since()
        && candle.end() <= span.until();
  }
}
