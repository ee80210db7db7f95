package io.marketstream.spark.metrics;

import java.util.Locale;

/** What the executors count per batch, in the order of the log and of the documentation. */
public enum JobCounter {
  READ("records", "Kafka records read"),
  TICKS("ticks", "Ticks among them"),
  GAPS("records", "Gap records among them"),
  REJECTED("records", "Records published to the rejected topic"),
  INTERNAL_ERRORS(
      "records", "Rejected records on which the job itself failed: a defect of the job"),
  DELAYED("ticks", "Ticks whose `event_time` is more than a minute before their `received_at`"),
  AHEAD("ticks", "Ticks whose `event_time` is more than 2 s after their `received_at`"),
  FOLDED("ticks", "Ticks folded: neither duplicates nor forgotten"),
  DUPLICATES(
      "ticks", "Ticks that were already in the topic, or whose trade id was already counted"),
  LATE("ticks", "Ticks too late for one of their candles, or forgotten"),
  FORGOTTEN(
      "ticks",
      "Late ticks whose session or trade id the job no longer remembers: in neither `candles` nor"
          + " `latest_ticks`"),
  UNKNOWN_CONDITIONS("ticks", "Ticks with a condition code that is not in the list"),
  CHANGED("rows", "Candles and latest ticks that changed"),
  WRITTEN("rows", "Rows written to `ticks`, `feed_gaps`, `candles` and `latest_ticks`"),
  OPEN_CANDLES("candles", "Open candles of the symbols that had ticks in the batch");

  private final String unit;
  private final String meaning;

  JobCounter(String unit, String meaning) {
    this.unit = unit;
    this.meaning = meaning;
  }

  /** Returns the name in the log and in the metrics. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String unit() {
    return unit;
  }

  /** Returns the description for the documentation. */
  String meaning() {
    return meaning;
  }

  /** Returns whether it is a level, for which a sum over batches would have no meaning. */
  boolean isLevel() {
    return this == OPEN_CANDLES;
  }
}
