package io.marketstream.spark.metrics;

import java.util.Locale;
import java.util.Map;

/** The parts of a trigger as Spark measures them, in the order in which they come. */
public enum TriggerPhase {
  LATEST_OFFSET("latestOffset", "Asking Kafka where the partitions end"),
  WAL_COMMIT("walCommit", "Writing the offsets of the batch to the checkpoint"),
  GET_BATCH("getBatch", "Making a plan's source of the offsets"),
  QUERY_PLANNING("queryPlanning", "Planning the batch"),
  ADD_BATCH("addBatch", "Reading, folding and writing: the work itself"),
  COMMIT_OFFSETS("commitOffsets", "Writing to the checkpoint that the batch is done");

  private final String sparkName;
  private final String meaning;

  TriggerPhase(String sparkName, String meaning) {
    this.sparkName = sparkName;
    this.meaning = meaning;
  }

  /** As the log and the metrics spell it. */
  String key() {
    return name().toLowerCase(Locale.ROOT) + "_ms";
  }

  String meaning() {
    return meaning;
  }

  /** Its ms among {@code durationMs} of Spark, or {@link SparkProgress#UNKNOWN}. */
  long in(Map<String, Long> durationMs) {
    return durationMs.getOrDefault(sparkName, SparkProgress.UNKNOWN);
  }
}
