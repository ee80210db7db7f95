package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.stream.MarketDataQuery;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchLineTest {
  private static final Map<TriggerPhase, Long> PHASES =
      Map.of(
          TriggerPhase.LATEST_OFFSET, 10L,
          TriggerPhase.WAL_COMMIT, 1L,
          TriggerPhase.GET_BATCH, 0L,
          TriggerPhase.QUERY_PLANNING, 20L,
          TriggerPhase.ADD_BATCH, 1_440L);

  private final BatchCounts counts = new BatchCounts();

  @Test
  void everythingThatIsKnownOfABatchStandsInItsLine() {
    counts.add(Count.READ, 103);
    counts.add(Count.TICKS, 100);
    counts.add(Count.GAPS, 2);
    counts.add(Count.REJECTED, 1);
    counts.add(Count.FOLDED, 99);
    counts.add(Count.DUPLICATES, 1);
    counts.add(Count.LATE, 4);
    counts.add(Count.CHANGED, 6);
    counts.add(Count.WRITTEN, 108);
    counts.add(Count.OPEN_CANDLES, 3);
    counts.watermark(1_763_900_040_000L);
    for (int i = 1; i <= 100; i++) {
      counts.addAge(i < 97 ? 20 : 40);
    }

    assertThat(
            BatchLine.of(
                MarketDataQuery.OBSERVED,
                new BatchReport(6, counts, 1_430, 0),
                new SparkProgress(6, 1_500, PHASES, 68.6666, 5_000, 160, 65_536)))
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
  void whatIsNotKnownIsADash() {
    assertThat(
            BatchLine.of(
                MarketDataQuery.OBSERVED, new BatchReport(5, counts, 40, 0), SparkProgress.NONE))
        .endsWith(
            " ms=40 trigger_ms=- latest_offset_ms=- wal_commit_ms=- get_batch_ms=-"
                + " query_planning_ms=- add_batch_ms=- commit_offsets_ms=- latency_p50_ms=-"
                + " latency_p95_ms=- latency_p99_ms=- latency_max_ms=- records_per_s=- lag=-"
                + " watermark=- state_rows=- state_bytes=-");
  }
}
