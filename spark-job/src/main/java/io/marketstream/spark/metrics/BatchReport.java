package io.marketstream.spark.metrics;

import java.time.Instant;
import java.util.Locale;

/**
 * One written batch, with what the job counted.
 *
 * @param id Spark's id of the batch
 * @param counts the counts, which must not change any more
 * @param millis from the start of the batch to its last written row
 * @param endedAt epoch ms
 */
public record BatchReport(long id, BatchCounts counts, long millis, long endedAt) {
  private static final String UNKNOWN_TEXT = "-";

  /**
   * Returns the latency that the given share of the ticks did not exceed, in ms from {@code
   * received_at} until the tick could be read. Without ticks it is {@link SparkProgress#UNKNOWN}.
   *
   * @param share such as 0.99
   */
  long latency(double share) {
    return counts.ages().isEmpty() ? SparkProgress.UNKNOWN : counts.ages().quantile(share);
  }

  /** Returns the greatest latency of a tick, or {@link SparkProgress#UNKNOWN} without ticks. */
  long maxLatency() {
    return counts.ages().isEmpty() ? SparkProgress.UNKNOWN : counts.ages().max();
  }

  /**
   * Returns the line of the log for this batch: {@code name=value} pairs without blanks in them.
   *
   * @param progress {@link SparkProgress#NONE} if Spark did not report the batch
   */
  String logLine(SparkProgress progress) {
    StringBuilder line = new StringBuilder("batch");
    append(line, "id", id);
    for (JobCounter counter : JobCounter.values()) {
      append(line, counter.key(), counts.get(counter));
    }
    append(line, "ms", millis);
    append(line, "trigger_ms", orUnknown(progress.triggerMs()));
    for (SparkProgress.Phase phase : SparkProgress.Phase.values()) {
      append(line, phase.key(), orUnknown(progress.phaseMs(phase)));
    }
    append(line, "latency_p50_ms", orUnknown(latency(0.50)));
    append(line, "latency_p95_ms", orUnknown(latency(0.95)));
    append(line, "latency_p99_ms", orUnknown(latency(0.99)));
    append(line, "latency_max_ms", orUnknown(maxLatency()));
    append(line, "records_per_s", rate(progress.recordsPerSecond()));
    append(line, "lag", orUnknown(progress.lag()));
    append(line, "watermark", instant(counts.watermark()));
    append(line, "state_rows", orUnknown(progress.stateRows()));
    append(line, "state_bytes", orUnknown(progress.stateBytes()));
    return line.toString();
  }

  private static void append(StringBuilder line, String name, Object value) {
    line.append(' ').append(name).append('=').append(value);
  }

  private static String orUnknown(long value) {
    return value == SparkProgress.UNKNOWN ? UNKNOWN_TEXT : Long.toString(value);
  }

  private static String rate(double perSecond) {
    return perSecond == SparkProgress.UNKNOWN
        ? UNKNOWN_TEXT
        : String.format(Locale.ROOT, "%.1f", perSecond);
  }

  private static String instant(long epochMs) {
    return epochMs == BatchCounts.NO_WATERMARK
        ? UNKNOWN_TEXT
        : Instant.ofEpochMilli(epochMs).toString();
  }
}
