package io.marketstream.api.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CoverageTest {
  /** The rules are the same for any length, and a short one can be counted. */
  private static final int DAY = 1_000_000;

  private static final long NEVER = 0;

  @Nested
  class State {
    @Test
    void aDayWithoutGapIsComplete() {
      assertThat(of(0, DAY)).isEqualTo(Coverage.State.COMPLETE);
    }

    @Test
    void aGapDegradesTheDay() {
      assertThat(of(0, DAY, gap(1_000, 2_000L, null))).isEqualTo(Coverage.State.DEGRADED);
    }

    @Test
    void droppedTicksDegradeTheDay() {
      assertThat(of(0, DAY, gap(1_000, 1_000L, 5L))).isEqualTo(Coverage.State.DEGRADED);
    }

    @Test
    void aRepairedGapDoesNotDegradeTheDay() {
      Gap repaired = repaired("VENUE_DROPPED", 1_000, 2_000, 5L);
      Gap absent = repaired("ABSENT_AT_VENUE", 1_000, 2_000, null);

      assertThat(of(0, DAY, repaired, absent)).isEqualTo(Coverage.State.COMPLETE);
      assertThat(of(0, DAY, repaired, absent, gap(1_500, 2_500L, null)))
          .isEqualTo(Coverage.State.DEGRADED);
    }

    @Test
    void theFirstDayOfASymbolIsDegraded() {
      assertThat(of(3_600, DAY)).isEqualTo(Coverage.State.DEGRADED);
    }

    @Test
    void aDayBeforeTheFirstTickIsMissing() {
      assertThat(of(DAY + 1, 2L * DAY)).isEqualTo(Coverage.State.MISSING);
    }

    @Test
    void aGapAsLongAsTheDayIsMissing() {
      assertThat(of(0, DAY, gap(0, (long) DAY, null))).isEqualTo(Coverage.State.MISSING);
    }

    @Test
    void aDayWithAnUnknownEndIsPending() {
      assertThat(of(0, DAY - 1)).isEqualTo(Coverage.State.PENDING);
    }

    private static Coverage.State of(long since, long until, Gap... gaps) {
      return Coverage.of(0, DAY, since, until, new GapTimeline(List.of(gaps)), 10).state();
    }
  }

  /** Counts every millisecond of a hundred random days of a thousand seconds, and compares. */
  @Test
  void theMillisecondsAreExact() {
    long seed = Long.getLong("marketstream.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      long from = (long) DAY * random.nextInt(3);
      long since = from + random.nextInt(-DAY, DAY + 1);
      long until = from + random.nextInt(0, 2 * DAY);
      List<Gap> gaps = new ArrayList<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        long start = from + random.nextInt(-DAY, DAY);
        Long end = random.nextInt(4) == 0 ? null : (Long) (start + random.nextInt(DAY / 3));
        gaps.add(gap(start, end, random.nextInt(3) == 0 ? (Long) (long) random.nextInt(9) : null));
      }

      Coverage coverage = Coverage.of(from, from + DAY, since, until, new GapTimeline(gaps), 1);

      assertThat(List.of(coverage.coveredMs(), coverage.gapMs(), coverage.dropped()))
          .as("round %s of seed %s", round, seed)
          .isEqualTo(recount(from, since, until, gaps));
    }
  }

  private static List<Long> recount(long from, long since, long until, List<Gap> gaps) {
    BitSet inGap = new BitSet(DAY);
    long dropped = 0;
    for (Gap gap : gaps) {
      Long end = gap.end();
      if (end == null) {
        // Over when the first of the others that end after its start is over.
        end = Long.MAX_VALUE;
        for (Gap other : gaps) {
          if (other.end() != null && other.end() > gap.start()) {
            end = Math.min(end, other.end());
          }
        }
      }
      int start = (int) Math.min(DAY, Math.max(0, gap.start() - from));
      int stop = (int) Math.min(DAY, Math.max(0, end - from));
      inGap.set(start, Math.max(start, stop));
      if (gap.dropped() != null && gap.start() >= from && gap.start() < from + DAY) {
        dropped += gap.dropped();
      }
    }
    long covered = 0;
    long gapMs = 0;
    for (int i = 0; i < DAY; i++) {
      long now = from + i;
      if (now >= since && now < until) {
        if (inGap.get(i)) {
          gapMs++;
        } else {
          covered++;
        }
      }
    }
    return List.of(covered, gapMs, dropped);
  }

  /** A gap of a feed with trade ids in which nothing is missing any more. */
  static Gap repaired(String cause, long start, long end, Long dropped) {
    return new Gap(
        "s", "A", start, end, cause, NEVER, null, 0, dropped, null, "41", "43", end + 1_000);
  }

  static Gap gap(long start, Long end, Long dropped) {
    return new Gap("s", "A", start, end, "STALLED", NEVER, null, 0, dropped, null);
  }
}
