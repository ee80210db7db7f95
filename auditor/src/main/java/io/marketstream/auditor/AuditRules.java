package io.marketstream.auditor;

import java.util.List;

/**
 * What is audited, and by which of the job's options.
 *
 * @param intervals of the candles to check; none where none is kept, though a job keeps at least
 *     one
 * @param latenessMs the job's {@code --lateness}
 */
public record AuditRules(Span span, List<CandleInterval> intervals, long latenessMs) {
  public AuditRules {
    intervals = List.copyOf(intervals);
  }
}
