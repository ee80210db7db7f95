package io.marketstream.api.market;

import io.marketstream.model.GapCause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gaps of one symbol in the order of time, those of the whole source included. A connector that
 * was killed leaves its gap open. Such a gap ended with the next gap of the same entry in the
 * ledger, which is the gap of the restart. That gap may begin before it.
 */
public final class GapTimeline {
  private final List<Gap> gaps;
  private final List<Gap> notRepaired;

  /**
   * @param gaps of the symbol and of the whole source, in any order
   */
  public GapTimeline(List<Gap> gaps) {
    List<Gap> ended = new ArrayList<>();
    for (Gap gap : gaps) {
      ended.add(gap.end() == null ? withEnd(gap, endOf(gap, gaps)) : gap);
    }
    ended.sort(Comparator.comparingLong(Gap::start).thenComparingLong(Gap::sessionBefore));
    this.gaps = List.copyOf(ended);
    this.notRepaired =
        ended.stream()
            .filter(gap -> !gap.isRepaired() && ended.stream().noneMatch(gap::isRepairedBy))
            .toList();
  }

  /** The earliest end of a later gap with the same symbol; null if there is none. */
  private static @Nullable Long endOf(Gap open, List<Gap> gaps) {
    Long earliest = null;
    for (Gap other : gaps) {
      Long end = other.end();
      if (end == null) {
        continue;
      }
      boolean isLater =
          other.symbol().equals(open.symbol())
              // The connector drops ticks of a connection that goes on.
              && !other.cause().equals(GapCause.OVERFLOW.name())
              // It repeats the times of a gap that was repaired.
              && !other.cause().equals(GapCause.ABSENT_AT_VENUE.name())
              && end > open.start()
              && !other.equals(open);
      if (isLater && (earliest == null || end < earliest)) {
        earliest = end;
      }
    }
    return earliest;
  }

  private static Gap withEnd(Gap gap, @Nullable Long end) {
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
        gap.detail(),
        gap.firstMissingId(),
        gap.lastMissingId(),
        gap.repairedAt());
  }

  /** Those that have a part in the time from {@code from} to {@code to}, epoch ms, by start. */
  public List<Gap> between(long from, long to) {
    return gaps.stream()
        .filter(gap -> gap.start() < to && (gap.end() == null || gap.end() > from))
        .toList();
  }

  /** The newest gap that is open; empty if there is none. */
  public Optional<Gap> open() {
    return gaps.stream().filter(gap -> gap.end() == null).reduce((a, b) -> b);
  }

  /**
   * Until when the ledger says something, epoch ms: the latest end, or {@code now} while a gap is
   * open; empty without gaps.
   */
  public Optional<Long> knownUntil(long now) {
    return gaps.stream()
        .map(
            gap -> {
              Long end = gap.end();
              return end == null ? (Long) now : end;
            })
        .max(Comparator.naturalOrder());
  }

  /**
   * How many milliseconds from {@code from} to {@code to} lie in at least one gap that was not
   * repaired.
   */
  public long millisInGaps(long from, long to) {
    long millis = 0;
    long covered = from;
    for (Gap gap : notRepaired) {
      long start = Math.max(gap.start(), covered);
      long end = gap.end() == null ? to : Math.min(gap.end(), to);
      if (end > start) {
        millis += end - start;
        covered = end;
      }
    }
    return millis;
  }

  /**
   * How many ticks the connector dropped in gaps that began from {@code from} to {@code to} and
   * were not repaired.
   */
  public long dropped(long from, long to) {
    return notRepaired.stream()
        .filter(gap -> gap.start() >= from && gap.start() < to)
        .mapToLong(gap -> gap.dropped() == null ? 0 : gap.dropped())
        .sum();
  }
}
