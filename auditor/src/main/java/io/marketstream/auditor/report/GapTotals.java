package io.marketstream.auditor.report;

import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Span;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The total length of gaps, and the ticks that were dropped in them.
 *
 * @param millis milliseconds inside a gap; overlapping gaps count once
 * @param dropped ticks that the connector dropped, in gaps that began in the span
 */
public record GapTotals(long millis, long dropped) implements Serializable {
  public static final GapTotals NONE = new GapTotals(0, 0);

  /**
   * Adds up gaps. Nothing is missing in a gap that was repaired, or whose trades a later repair has
   * brought, so it does not count.
   *
   * @param gaps in any order; they may overlap
   * @param endOf the end of a gap in epoch ms; Long.MAX_VALUE if it is open
   * @param now epoch ms, used as the end of open gaps
   */
  public static GapTotals of(List<Gap> gaps, ToLongFunction<Gap> endOf, Span span, long now) {
    long until = Math.min(span.until(), now);
    long millis = 0;
    long dropped = 0;
    long covered = span.since();
    for (Gap gap :
        gaps.stream()
            .filter(each -> !each.isRepaired() && gaps.stream().noneMatch(each::isRepairedBy))
            .sorted(Comparator.comparingLong(Gap::start))
            .toList()) {
      long start = Math.max(gap.start(), covered);
      long end = Math.min(endOf.applyAsLong(gap), until);
      if (end > start) {
        millis += end - start;
        covered = end;
      }
      if (gap.dropped() != null && span.contains(gap.start())) {
        dropped += gap.dropped();
      }
    }
    return new GapTotals(millis, dropped);
  }

  public GapTotals plus(GapTotals other) {
    return new GapTotals(millis + other.millis, dropped + other.dropped);
  }
}
