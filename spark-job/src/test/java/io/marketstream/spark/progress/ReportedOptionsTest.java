package io.marketstream.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportedOptionsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  @Test
  void intervalsAreSortedByLengthAndTopicsByName() {
    ReportedOptions options =
        ReportedOptions.of(settings(List.of("b", "a"), List.of("1d", "90s", "1m", "5s")), "0.1.0");

    assertThat(options)
        .isEqualTo(
            new ReportedOptions(
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
    assertThat(ReportedOptions.of(settings(List.of("b", "a"), List.of("1m", "1h")), "1"))
        .isEqualTo(ReportedOptions.of(settings(List.of("a", "b"), List.of("1h", "1m")), "1"));
  }

  @Test
  void anotherVersionIsAnotherRun() {
    assertThat(ReportedOptions.of(settings(List.of("a"), List.of("1m")), "1"))
        .isNotEqualTo(ReportedOptions.of(settings(List.of("a"), List.of("1m")), "2"));
  }

  @Test
  void newOptionsAreValidFromNowAndAfterThePrevious() {
    assertThat(ReportedOptions.since(NOW, NOW.minusSeconds(60))).isEqualTo(NOW);
    assertThat(ReportedOptions.since(NOW, NOW)).isEqualTo(NOW.plusMillis(1));
    assertThat(ReportedOptions.since(NOW, NOW.plusSeconds(60))).isEqualTo(NOW.plusMillis(60_001));
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
