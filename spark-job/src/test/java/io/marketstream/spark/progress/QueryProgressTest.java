package io.marketstream.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueryProgressTest {
  private static final Instant T = Instant.parse("2026-11-25T10:00:00Z");
  private static final Instant LATER = T.plusSeconds(2);
  private static final Instant NOW = T.plusSeconds(60);
  private static final QueryProgress UNKNOWN = QueryProgress.unknown("ticks");

  @Test
  void aBatchThatReachesEveryEndIsCompleteUntilItsStart() {
    QueryProgress progress =
        UNKNOWN.after("{\"t\":{\"0\":5,\"1\":7}}", "{\"t\":{\"1\":7,\"0\":5}}", T, NOW);

    assertThat(progress)
        .isEqualTo(
            new QueryProgress(
                "ticks", Map.of("t-0", 5L, "t-1", 7L), Map.of("t-0", 5L, "t-1", 7L), T, NOW));
  }

  @Test
  void aBatchThatLeavesRecordsIsNotComplete() {
    QueryProgress progress =
        UNKNOWN.after("{\"t\":{\"0\":5,\"1\":6}}", "{\"t\":{\"0\":5,\"1\":7}}", T, NOW);

    assertThat(progress.completeUntil()).isNull();
    assertThat(progress.nextOffsets()).containsEntry("t-1", 6L);
    assertThat(progress.latestOffsets()).containsEntry("t-1", 7L);
  }

  @Test
  void aTopicWithoutPartitionsLeavesNothing() {
    assertThat(UNKNOWN.after(null, null, T, NOW).completeUntil()).isEqualTo(T);
    assertThat(UNKNOWN.after("{}", null, T, NOW).completeUntil()).isEqualTo(T);
  }

  @Test
  void unreadableOffsetsProveNothing() {
    assertThat(UNKNOWN.after("{\"t\":", "{\"t\":{\"0\":5}}", T, NOW).completeUntil()).isNull();
    assertThat(UNKNOWN.after("{\"t\":{\"0\":5}}", "{\"t\":", T, NOW).completeUntil()).isNull();
    assertThat(UNKNOWN.after("{\"t\":", null, T, NOW).completeUntil()).isNull();
  }

  @Nested
  class AfterAnEarlierBatch {
    private final QueryProgress before =
        UNKNOWN.after("{\"t\":{\"0\":5}}", "{\"t\":{\"0\":5}}", T, T);

    @Test
    void anIdleTriggerStaysComplete() {
      QueryProgress idle = before.after("{\"t\":{\"0\":5}}", "{\"t\":{\"0\":5}}", LATER, NOW);

      assertThat(idle.completeUntil()).isEqualTo(LATER);
      assertThat(idle.nextOffsets()).isEqualTo(before.nextOffsets());
    }

    @Test
    void aBatchThatLeavesRecordsKeepsTheMomentBefore() {
      QueryProgress behind = before.after("{\"t\":{\"0\":9}}", "{\"t\":{\"0\":10}}", LATER, NOW);

      assertThat(behind.completeUntil()).isEqualTo(T);
      assertThat(behind.nextOffsets()).containsEntry("t-0", 9L);
    }

    /** Spark does not look for the ends of partitions then. */
    @Test
    void aRepeatedBatchKeepsTheTimeAndTheEnds() {
      QueryProgress repeated = before.after("{\"t\":{\"0\":9}}", null, LATER, NOW);

      assertThat(repeated.completeUntil()).isEqualTo(T);
      assertThat(repeated.latestOffsets()).containsEntry("t-0", 5L);
      assertThat(repeated.nextOffsets()).containsEntry("t-0", 9L);
    }

    @Test
    void missingOffsetsKeepTheEarlierOnes() {
      assertThat(before.after(null, null, LATER, NOW).nextOffsets())
          .isEqualTo(before.nextOffsets());
    }
  }
}
