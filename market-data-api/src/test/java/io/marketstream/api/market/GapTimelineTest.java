package io.marketstream.api.market;

import static io.marketstream.api.market.CoverageTest.gap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GapTimelineTest {
  @Test
  void aGapThatAKillLeftOpenEndsWithTheNext() {
    GapTimeline gaps =
        new GapTimeline(
            List.of(gap(500, 900L, null), gap(100, null, null), gap(2_000, null, null)));

    assertThat(gaps.between(0, 10_000))
        .extracting(Gap::start, Gap::end)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(100L, 900L),
            org.assertj.core.groups.Tuple.tuple(500L, 900L),
            org.assertj.core.groups.Tuple.tuple(2_000L, null));
    assertThat(gaps.open()).hasValueSatisfying(gap -> assertThat(gap.start()).isEqualTo(2_000));
  }

  /** The gap of a restart begins at what was acknowledged last, which is before the kill. */
  @Test
  void theGapOfARestartMayBeginEarlier() {
    GapTimeline gaps = new GapTimeline(List.of(gap(105, null, null), gap(100, 160L, null)));

    assertThat(gaps.between(0, 1_000)).extracting(Gap::end).containsExactly(160L, 160L);
    assertThat(gaps.open()).isEmpty();
  }

  @Test
  void droppedTicksEndNoGap() {
    Gap overflow = new Gap("s", "A", 200, 300L, "OVERFLOW", 0, null, 0, 7L, null);

    assertThat(new GapTimeline(List.of(gap(100, null, null), overflow)).open()).isPresent();
  }

  /** Their record has the times of the gap that was repaired. */
  @Test
  void tradesThatTheVenueLacksEndNoGap() {
    Gap absent = CoverageTest.repaired("ABSENT_AT_VENUE", 50, 300, null);

    assertThat(new GapTimeline(List.of(gap(100, null, null), absent)).open()).isPresent();
  }

  @Test
  void aRepairedGapIsFoundAndMissesNothing() {
    GapTimeline gaps =
        new GapTimeline(List.of(CoverageTest.repaired("STALLED", 0, 100, 3L), gap(80, 120L, 4L)));

    assertThat(gaps.between(0, 200)).hasSize(2);
    assertThat(gaps.millisInGaps(0, 200)).isEqualTo(40);
    assertThat(gaps.dropped(0, 200)).isEqualTo(4);
  }

  /** After a kill the gap of the restart has the trades of the older gap too. */
  @Test
  void aGapWhoseTradesALaterRepairBroughtMissesNothing() {
    Gap restart = withIds(90, 400, "99", "150", 900L);

    GapTimeline repaired = new GapTimeline(List.of(withIds(100, 200, "101", "110", null), restart));
    assertThat(repaired.millisInGaps(0, 2_000)).isZero();
    assertThat(repaired.dropped(0, 2_000)).isZero();

    GapTimeline beyond = new GapTimeline(List.of(withIds(100, 200, "101", "151", null), restart));
    assertThat(beyond.millisInGaps(0, 2_000)).isEqualTo(100);
    assertThat(beyond.dropped(0, 2_000)).isEqualTo(3);

    GapTimeline newer = new GapTimeline(List.of(withIds(950, 980, "101", "110", null), restart));
    assertThat(newer.millisInGaps(0, 2_000)).isEqualTo(30);
  }

  private static Gap withIds(long start, long end, String first, String last, Long repairedAt) {
    return new Gap("s", "A", start, end, "STALLED", 0, 0L, 0, 3L, null, first, last, repairedAt);
  }

  @Test
  void aGapOfTheSourceEndsNoneOfASymbol() {
    Gap ofSource = new Gap("s", "*", 200, 300L, "STALLED", 0, null, 0, null, null);

    assertThat(new GapTimeline(List.of(gap(100, null, null), ofSource)).open()).isPresent();
  }

  @Test
  void overlappingGapsCountOnce() {
    GapTimeline gaps =
        new GapTimeline(List.of(gap(0, 100L, null), gap(50, 120L, null), gap(60, 70L, null)));

    assertThat(gaps.millisInGaps(10, 1_000)).isEqualTo(110);
  }

  @Test
  void onlyGapsWithAPartInTheRangeAreFound() {
    GapTimeline gaps =
        new GapTimeline(List.of(gap(0, 100L, null), gap(100, 200L, null), gap(300, 400L, null)));

    assertThat(gaps.between(100, 300)).extracting(Gap::start).containsExactly(100L);
  }
}
