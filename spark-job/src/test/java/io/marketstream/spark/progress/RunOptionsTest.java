package io.marketstream.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.BatchTrigger;
import io.marketstream.spark.JobSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunOptionsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  @Test
  void intervalsAreSortedByLengthAndTopicsByName() {
    RunOptions options =
        RunOptions.of(settings(List.of("b", "a"), List.of("1d", "90s", "1m", "5s")), "0.1.0");

    assertThat(options)
        .isEqualTo(
            new RunOptions(
                List.of("5s", "1m", "90s", "1d"),
                120_000,
                30_000,
                List.of("a", "b"),
                "gaps",
                "rejected",
                "earliest",
                "0.1.0"));
  }

  @Test
  void theSameOptionsInAnotherOrderAreTheSame() {
    assertThat(RunOptions.of(settings(List.of("b", "a"), List.of("1m", "1h")), "1"))
        .isEqualTo(RunOptions.of(settings(List.of("a", "b"), List.of("1h", "1m")), "1"));
  }

  @Test
  void anotherVersionIsAnotherRun() {
    assertThat(RunOptions.of(settings(List.of("a"), List.of("1m")), "1"))
        .isNotEqualTo(RunOptions.of(settings(List.of("a"), List.of("1m")), "2"));
  }

  @Test
  void newOptionsCountFromNowOnAndAfterThoseBeforeThem() {
    assertThat(RunOptions.since(NOW, NOW.minusSeconds(60))).isEqualTo(NOW);
    assertThat(RunOptions.since(NOW, NOW)).isEqualTo(NOW.plusMillis(1));
    assertThat(RunOptions.since(NOW, NOW.plusSeconds(60))).isEqualTo(NOW.plusMillis(60_001));
  }

  private static JobSettings settings(List<String> topics, List<String> candles) {
    return new JobSettings(
        "127.0.0.1:1",
        topics,
        "gaps",
        "rejected",
        "market_data",
        "checkpoint",
        candles.stream().map(CandleInterval::parse).toList(),
        120_000,
        new BatchTrigger.Once(),
        "earliest",
        1000,
        30_000,
        Map.of());
  }
}
