package io.marketstream.auditor.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The milliseconds of a day that are in gaps, and the resulting verdict. */
class GapTotalsTest {
  private static final Span DAY = new Span(1_000, 11_000);

  @Test
  void overlappingGapsCountOnceAndOnlyInsideTheDay() {
    assertThat(
            totals(gap(500, 1_200L), gap(1_100, 2_000L), gap(1_500, 1_600L), gap(10_500, 12_000L)))
        .isEqualTo(new GapTotals(1_500, 0));
  }

  @Test
  void anOpenGapReachesToTheEndOfTheDay() {
    assertThat(totals(gap(9_000, null))).isEqualTo(new GapTotals(2_000, 0));
    assertThat(GapTotals.of(List.of(gap(9_000, null)), GapTotalsTest::endOf, DAY, 9_500))
        .as("or to now")
        .isEqualTo(new GapTotals(500, 0));
  }

  @Test
  void anOverflowCountsItsDroppedTicks() {
    assertThat(totals(new Gap("A", "OVERFLOW", 2_000, 2_100L, 1, 1L, 5, 7L)))
        .isEqualTo(new GapTotals(100, 7));
  }

  /** Nothing is missing there, or the venue lacks it too. */
  @Test
  void aRepairedGapDoesNotCount() {
    Gap repaired = new Gap("A", "VENUE_DROPPED", 2_000, 2_100L, 1, 1L, 5, 7L, "41", "43", 2_900L);
    Gap absent =
        new Gap("A", "ABSENT_AT_VENUE", 2_000, 2_100L, 2_500, 2_500L, 1, null, "42", "42", 2_900L);

    assertThat(totals(repaired, absent)).isEqualTo(GapTotals.NONE);
    assertThat(totals(repaired, absent, gap(2_050, 2_150L))).isEqualTo(new GapTotals(100, 0));
  }

  /** After a kill the gap of the restart has the trades of the older gap too. */
  @Test
  void aGapWhoseTradesALaterRepairBroughtDoesNotCount() {
    Gap older = new Gap("A", "STALLED", 2_000, 2_100L, 1, 1L, 5, 7L, "101", "110", null);
    Gap restart = new Gap("A", "TASK_RESTART", 1_900, 2_400L, 1, 2L, 5, null, "101", "150", 2_900L);
    Gap newer = new Gap("A", "STALLED", 3_000, 3_100L, 2, 2L, 5, 8L, "101", "110", null);

    assertThat(totals(older, restart)).isEqualTo(GapTotals.NONE);
    assertThat(totals(older, restart, newer)).isEqualTo(new GapTotals(100, 8));
  }

  @Test
  void theVerdictIsTheWorstThatIsTrue() {
    assertThat(verdict(AuditCounts.NONE, GapTotals.NONE)).isEqualTo(DayState.COMPLETE);
    assertThat(verdict(AuditCounts.NONE, new GapTotals(1, 0))).isEqualTo(DayState.DEGRADED);
    assertThat(verdict(AuditCounts.NONE, new GapTotals(0, 1))).isEqualTo(DayState.DEGRADED);
    assertThat(verdict(new AuditCounts(3, 2, 1, 0, 0, 0), GapTotals.NONE))
        .isEqualTo(DayState.DEGRADED);
    assertThat(verdict(new AuditCounts(3, 2, 0, 1, 0, 0), GapTotals.NONE))
        .isEqualTo(DayState.DEGRADED);
    assertThat(verdict(AuditCounts.NONE, new GapTotals(10_000, 0)))
        .as("all day long")
        .isEqualTo(DayState.MISSING);
    Finding finding =
        new Finding(
            FindingKind.WRONG_LATEST, new SymbolKey("a", "b"), "latest", 1, "wrong", List.of());
    AuditReport wrong =
        new AuditReport(1, AuditCounts.NONE, List.of(finding), List.of(), GapTotals.NONE);
    assertThat(DayState.of(wrong, 10_000)).isEqualTo(DayState.MISSING);
  }

  private static DayState verdict(AuditCounts counts, GapTotals gaps) {
    return DayState.of(new AuditReport(1, counts, List.of(), List.of(), gaps), 10_000);
  }

  private static GapTotals totals(Gap... gaps) {
    return GapTotals.of(List.of(gaps), GapTotalsTest::endOf, DAY, Long.MAX_VALUE);
  }

  private static long endOf(Gap gap) {
    return gap.end() == null ? Long.MAX_VALUE : gap.end();
  }

  private static Gap gap(long start, Long end) {
    return new Gap("A", "CONNECTION_LOST", start, end, 1, 2L, 3, null);
  }
}
