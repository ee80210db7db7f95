package io.marketstream.spark.metrics;

import java.util.Locale;

/** What executors count while they work on a batch. */
public enum Count {
  READ("records"),
  TICKS("ticks"),
  GAPS("records"),
  REJECTED("records"),
  INTERNAL_ERRORS("records"),
  DELAYED("ticks"),
  AHEAD("ticks"),
  FOLDED("ticks"),
  DUPLICATES("ticks"),
  LATE("ticks"),
  FORGOTTEN("ticks"),
  UNKNOWN_CONDITIONS("ticks"),
  CHANGED("rows"),
  WRITTEN("rows"),
  OPEN_CANDLES("candles");

  private final String unit;

  Count(String unit) {
    this.unit = unit;
  }

  /** As the log and the metrics spell it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String unit() {
    return unit;
  }

  /** Whether it tells how much there is: a sum over batches would mean nothing. */
  boolean isLevel() {
    return this == OPEN_CANDLES;
  }
}
