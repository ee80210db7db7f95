package io.marketstream.local.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Holes of several numbers, of which gaps explain a part. */
class GapLedgerTest {
  private static final long SESSION = 1_000;
  private static final MissingTicks HOLE = new MissingTicks(SESSION, 10, 19, 5_000, 6_000);

  @Test
  void aGapExplainsTheNumbersFromItsFirstMissingOn() {
    Gap gap = new Gap("AAPL", "CONNECTION_LOST", 7_000, 8_000L, SESSION, 2_000L, 15, null);

    assertThat(unexplained(gap)).containsExactly(HOLE.upTo(14));
  }

  @Test
  void anOverflowExplainsNumbersFromItsFirstMissingOnAsManyAsItDropped() {
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
  void aGapBetweenOtherSessionsExplainsNothingWhateverItsTimes() {
    Gap earlier = new Gap("AAPL", "STALLED", 4_000, 9_000L, SESSION - 500, SESSION - 1, 0, null);
    Gap later = new Gap("AAPL", "STALLED", 4_000, 9_000L, SESSION + 1, SESSION + 500, 0, null);

    assertThat(unexplained(earlier, later)).containsExactly(HOLE);
  }

  private static List<MissingTicks> unexplained(Gap... gaps) {
    return new GapLedger(List.of(gaps)).unexplained(HOLE);
  }
}
