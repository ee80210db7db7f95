package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchReportTest {
  private static final Map<SparkProgress.Phase, Long> PHASES =
      Map.of(
          SparkProgress.Phase.LATEST_OFFSET, 10L,
          SparkProgress.Phase.WAL_COMMIT, 1L,
          SparkProgress.Phase.GET_BATCH, 0L,
          SparkProgress.Phase.QUERY_PLANNING, 20L,
          SparkProgress.Phase.ADD_BATCH, 1_440L);

  private final BatchCounts counts = new BatchCounts();

  @Test
  void theLineHasEverythingThatIsKnown() {
    counts.add(JobCounter.READ, 103);
    counts.add(JobCounter.TICKS, 100);
    counts.add(JobCounter.GAPS, 2);
    counts.add(JobCounter.REJECTED, 1);
    counts.add(JobCounter.FOLDED, 99);
    counts.add(JobCounter.DUPLICATES, 1);
    counts.add(JobCounter.LATE, 4);
    counts.add(JobCounter.CHANGED, 6);
    counts.add(JobCounter.WRITTEN, 108);
    counts.add(JobCounter.OPEN_CANDLES, 3);
    counts.addWatermark(1_763_900_040_000L);
    for (int i = 1; i <= 100; i++) {
      counts.addAge(i < 97 ? 20 : 40);
    }

    assertThat(
            new BatchReport(6, counts, 1_430, 0)
                .logLine(new SparkProgress(6, 1_500, PHASES, 68.6666, 5_000, 160, 65_536)))
        .isEqualTo(
            "batch id=6 read=103 ticks=100 gaps=2 rejected=1 internal_errors=0 delayed=0 ahead=0"
                + " folded=99 duplicates=1 late=4 forgotten=0 unknown_conditions=0 changed=6"
                + " written=108 open_candles=3 ms=1430 trigger_ms=1500 latest_offset_ms=10"
                + " wal_commit_ms=1 get_batch_ms=0 query_planning_ms=20 add_batch_ms=1440"
                + " commit_offsets_ms=- latency_p50_ms=20 latency_p95_ms=20 latency_p99_ms=40"
                + " latency_max_ms=40 records_per_s=68.7 lag=5000 watermark=2025-11-23T12:14:00Z"
                + " state_rows=160 state_bytes=65536");
  }

  @Test
  void unknownNumbersAreDashes() {
    assertThat(new BatchReport(5, counts, 40, 0).logLine(SparkProgress.NONE))
        .endsWith(
            " ms=40 trigger_ms=- latest_offset_ms=- wal_commit_ms=- get_batch_ms=-"
                + " query_planning_ms=- add_batch_ms=- commit_offsets_ms=- latency_p50_ms=-"
                + " latency_p95_ms=- latency_p99_ms=- latency_max_ms=- records_per_s=- lag=-"
                + " watermark=- state_rows=- state_bytes=-");
  }
}
