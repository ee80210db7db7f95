package io.marketstream.auditor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.Gap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holes of several numbers, and gaps that explain a part of them. */
class GapCoverageTest {
  private static final long SESSION = 1_000;
  private static final MissingTicks HOLE = new MissingTicks(SESSION, 10, 19, 5_000, 6_000);

  @Test
  void aGapExplainsTheNumbersFromItsFirstMissingOn() {
    Gap gap = new Gap("AAPL", "CONNECTION_LOST", 7_000, 8_000L, SESSION, 2_000L, 15, null);

    assertThat(unexplained(gap)).containsExactly(HOLE.upTo(14));
  }

  /**
   * The gap of a symbol without a stored offset begins at number 0. It must not explain earlier
   * losses.
   */
  @Test
  void aGapExplainsNothingThatWasReceivedBeforeIt() {
    Gap later = new Gap("AAPL", "TASK_RESTART", 606_000, 608_000L, SESSION, 607_000L, 0, null);

    assertThat(unexplained(later)).containsExactly(HOLE);
  }

  @Test
  void anOverflowExplainsAsManyNumbersAsItDropped() {
    Gap gap = new Gap("AAPL", "OVERFLOW", 5_000, 6_000L, SESSION, SESSION, 13, 4L);

    assertThat(unexplained(gap)).containsExactly(HOLE.upTo(12), HOLE.from(17));
  }

  @Test
  void twoOverflowsExplainTogether() {
    Gap first = new Gap("AAPL", "OVERFLOW", 5_000, 5_400L, SESSION, SESSION, 10, 6L);
    Gap second = new Gap("AAPL", "OVERFLOW", 5_500, 6_000L, SESSION, SESSION, 16, 4L);

    assertThat(unexplained(first, second)).isEmpty();
  }

  @Test
  void aRefusedSubscriptionExplainsNoNumber() {
    Gap refused =
        new Gap("AAPL", "SUBSCRIPTION_REFUSED", 5_000, 6_000L, SESSION, SESSION, 10, null);

    assertThat(unexplained(refused)).containsExactly(HOLE);
    assertThat(new GapCoverage(List.of(refused), Map.of()).leadsTo(SESSION, 7_000, 2_000, 8_000))
        .isFalse();
  }

  /** It has the times of a repaired gap, and the session of repaired ticks. */
  @Test
  void tradesThatTheVenueLacksExplainNoNumber() {
    Gap open = new Gap("AAPL", "CONNECTION_LOST", 4_000, null, SESSION, null, 15, null);
    Gap absent =
        new Gap("AAPL", "ABSENT_AT_VENUE", 4_500, 5_500L, 3_000, 3_000L, 2, null, "7", "8", 9_000L);
    GapCoverage gaps = new GapCoverage(List.of(open, absent), Map.of());

    assertThat(gaps.unexplained(new MissingTicks(null, 0, 0, 5_000, 5_000))).isEmpty();
    assertThat(new GapCoverage(List.of(absent), Map.of()).unexplained(HOLE)).containsExactly(HOLE);
    assertThat(
            new GapCoverage(List.of(absent), Map.of())
                .unexplained(new MissingTicks(null, 0, 0, 5_000, 5_000)))
        .hasSize(1);
    assertThat(gaps.endOf(open)).as("it ends no other gap").isEqualTo(Long.MAX_VALUE);
    assertThat(gaps.isFollowed(2_000)).isFalse();
    assertThat(gaps.lastGapPerSession()).containsExactly(open);
  }

  @Test
  void aSymbolRefusedUntilTheNextSessionLeadsToIt() {
    Gap refused = new Gap("AAPL", "SUBSCRIPTION_REFUSED", 5_000, 9_000L, SESSION, 8_000L, 10, null);

    assertThat(unexplained(refused)).isEmpty();
    assertThat(new GapCoverage(List.of(refused), Map.of()).leadsTo(SESSION, 5_000, 8_000, 9_000))
        .isTrue();
  }

  @Test
  void aSessionInsideAGapIsExplainedByItsTimes() {
    Gap around = new Gap("AAPL", "TASK_RESTART", 4_000, 9_000L, SESSION - 500, 9_000L, 70, null);

    assertThat(unexplained(around)).isEmpty();
  }

  @Test
  void theSessionThatEndsAGapIsNotInsideIt() {
    Gap ended = new Gap("AAPL", "CONNECTION_LOST", 500, 5_500L, SESSION - 500, SESSION, 70, null);

    assertThat(unexplained(ended)).containsExactly(HOLE);
  }

  @Test
  void aGapBetweenOtherSessionsExplainsNothing() {
    Gap earlier = new Gap("AAPL", "STALLED", 4_000, 9_000L, SESSION - 500, SESSION - 1, 0, null);
    Gap later = new Gap("AAPL", "STALLED", 4_000, 9_000L, SESSION + 1, SESSION + 500, 0, null);

    assertThat(unexplained(earlier, later)).containsExactly(HOLE);
  }

  @Test
  void anOpenGapExplainsASessionWithoutTicks() {
    assertThat(unexplained(openSince(SESSION - 500))).isEmpty();
    assertThat(unexplained(Map.of(SESSION + 500, 6_500L), openSince(SESSION - 500)))
        .as("only a later one brought a tick")
        .isEmpty();
  }

  @Test
  void anOpenGapEndsInTheFirstSessionWithATick() {
    for (long session : List.of(SESSION - 100, SESSION)) {
      assertThat(unexplained(Map.of(session, 4_500L), openSince(SESSION - 500)))
          .as("ticks of session %d", session)
          .containsExactly(HOLE);
    }
  }

  @Test
  void anOpenGapEndsInASessionBeforeAnotherGap() {
    Gap later = new Gap("AAPL", "STALLED", 6_500, null, SESSION, null, 25, null);

    assertThat(unexplained(openSince(SESSION - 500), later)).containsExactly(HOLE);
  }

  @Test
  void anOpenGapExplainsTheEndOfItsOwnSession() {
    Gap open = new Gap("AAPL", "STALLED", 7_000, null, SESSION, null, 15, null);

    assertThat(unexplained(Map.of(SESSION + 500, 8_000L), open)).containsExactly(HOLE.upTo(14));
  }

  @Test
  void anOpenGapExplainsTicksOfAnUnknownConnection() {
    MissingTicks unknown = new MissingTicks(null, 10, 10, 5_000, 5_000);
    Gap open = openSince(SESSION - 500);

    assertThat(new GapCoverage(List.of(open), Map.of(SESSION, 5_000L)).unexplained(unknown))
        .isEmpty();
    assertThat(new GapCoverage(List.of(open), Map.of(SESSION, 4_999L)).unexplained(unknown))
        .containsExactly(unknown);
  }

  @Test
  void anOpenGapIsOverAtTheNextClosedGapOfItsSymbol() {
    Gap closed =
        new Gap("AAPL", "TASK_RESTART", 4_000, 4_900L, SESSION - 500, SESSION - 100, 0, null);

    assertThat(unexplained(openSince(SESSION - 500), closed)).containsExactly(HOLE);
    assertThat(unexplained(openSince(SESSION - 500))).isEmpty();
  }

  /** The connection was lost again before it ended the gap. */
  @Test
  void anOpenGapLeadsAlsoFromASessionThatDidNotEndIt() {
    GapCoverage ledger =
        new GapCoverage(
            List.of(openSince(SESSION - 500)), Map.of(SESSION, 5_000L, SESSION + 500, 6_000L));

    assertThat(ledger.leadsTo(SESSION, 5_000, SESSION + 500, 6_000)).isTrue();
  }

  private static Gap openSince(long session) {
    return new Gap("AAPL", "STALLED", 4_000, null, session, null, 70, null);
  }

  private static List<MissingTicks> unexplained(Gap... gaps) {
    return unexplained(Map.of(), gaps);
  }

  private static List<MissingTicks> unexplained(Map<Long, Long> firstReceipts, Gap... gaps) {
    return new GapCoverage(List.of(gaps), firstReceipts).unexplained(HOLE);
  }
}
