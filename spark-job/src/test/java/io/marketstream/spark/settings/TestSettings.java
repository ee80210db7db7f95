package io.marketstream.spark.settings;

import java.util.List;
import java.util.Map;

/** Settings for tests that start no query from them. */
public final class TestSettings {
  private TestSettings() {}

  /** Settings with brokers that do not exist. */
  public static JobSettings settings() {
    return new JobSettings(
        "127.0.0.1:1",
        List.of("market_data"),
        "market_data_gaps",
        "market_data_rejected",
        "market_data",
        "checkpoint",
        List.of(),
        120_000,
        new BatchTrigger.Once(),
        "earliest",
        1000,
        30_000,
        Map.of());
  }
}
