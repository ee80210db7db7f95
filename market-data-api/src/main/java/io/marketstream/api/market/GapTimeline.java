package io.marketstream.api.market;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The gaps of one symbol in the order of time, those of the whole source included. A connector that
 * was killed leaves its gap open. Such a gap ended when the symbol's next gap with an end ended.
 */
public final class GapTimeline {
  private final List<Gap> gaps;

  /**
   * @param gaps of the symbol and of the whole source, in any order
   */
  public GapTimeline(List<Gap> gaps) {
    List<Gap> sorted = new ArrayList<>(gaps);
    sorted.sort(Comparator.comparingLong(Gap::start).thenComparingLong(Gap::sessionBefore));
    Long nextEnd = null;
    for (int i = sorted.size() - 1; i >= 0; i--) {
      Gap gap = sorted.get(i);
      if (gap.end() != null) {
        nextEnd = gap.end();
      } else if (nextEnd != null) {
        sorted.set(i, ended(gap, nextEnd));
      }
    }
    this.gaps = List.copyOf(sorted);
  }

  private static Gap ended(Gap gap, long end) {
    return new Gap(
        gap.source(),
        gap.symbol(),
        gap.start(),
        end,
        gap.cause(),
        gap.sessionBefore(),
        gap.sessionAfter(),
        gap.firstMissing(),
        gap.dropped(),
        gap.detail());
  }

  /**
   * Those that have a part in the time from {@code from} to {@code to}, epoch ms, by their start.
   */
  public List<Gap> between(long from, long to) {
    return gaps.stream()
        .filter(gap -> gap.start() < to && (gap.end() == null || gap.end() > from))
        .toList();
  }

  /** The newest gap, if it is open. */
  public Optional<Gap> open() {
    return gaps.stream().filter(gap -> gap.end() == null).reduce((a, b) -> b);
  }

  /** How many milliseconds from {@code from} to {@code to} lie in at least one gap. */
  public long millisInGaps(long from, long to) {
    long millis = 0;
    long covered = from;
    for (Gap gap : gaps) {
      long start = Math.max(gap.start(), covered);
      long end = gap.end() == null ? to : Math.min(gap.end(), to);
      if (end > start) {
        millis += end - start;
        covered = end;
      }
    }
    return millis;
  }

  /** How many ticks the connector dropped in gaps that began from {@code from} to {@code to}. */
  public long dropped(long from, long to) {
    return gaps.stream()
        .filter(gap -> gap.start() >= from && gap.start() < to && gap.dropped() != null)
        .mapToLong(gap -> gap.dropped() == null ? 0 : gap.dropped())
        .sum();
  }
}
