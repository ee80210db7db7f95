package io.marketstream.spark.metrics;

import java.time.Instant;
import java.util.Locale;

/** The line of the log for one batch of the query: {@code name=value} throughout, no spaces. */
final class BatchLine {
  private static final String NOT_KNOWN = "-";

  private final StringBuilder line = new StringBuilder("batch");

  private BatchLine() {}

  /**
   * @param progress {@link SparkProgress#NONE} if Spark did not tell before the job's end
   */
  static String of(ObservedQuery query, BatchReport batch, SparkProgress progress) {
    BatchLine line = new BatchLine().number("id", batch.id());
    for (ObservedQuery.Counted counted : query.counted()) {
      line.number(counted.count().key(), batch.counts().get(counted.count()));
    }
    line.number("ms", batch.millis()).known("trigger_ms", progress.triggerMs());
    for (TriggerPhase phase : TriggerPhase.values()) {
      line.known(phase.key(), progress.phaseMs(phase));
    }
    line.known("latency_p50_ms", batch.latency(0.50))
        .known("latency_p95_ms", batch.latency(0.95))
        .known("latency_p99_ms", batch.latency(0.99))
        .known("latency_max_ms", batch.greatestLatency())
        .text("records_per_s", rate(progress.recordsPerSecond()))
        .known("lag", progress.lag());
    line.text("watermark", instant(batch.counts().watermark()))
        .known("state_rows", progress.stateRows())
        .known("state_bytes", progress.stateBytes());
    return line.line.toString();
  }

  private BatchLine text(String name, String value) {
    line.append(' ').append(name).append('=').append(value);
    return this;
  }

  private BatchLine number(String name, long value) {
    return text(name, Long.toString(value));
  }

  private BatchLine known(String name, long value) {
    return text(name, value == SparkProgress.UNKNOWN ? NOT_KNOWN : Long.toString(value));
  }

  private static String rate(double perSecond) {
    return perSecond == SparkProgress.UNKNOWN
        ? NOT_KNOWN
        : String.format(Locale.ROOT, "%.1f", perSecond);
  }

  private static String instant(long epochMs) {
    return epochMs == BatchCounts.NO_TIME ? NOT_KNOWN : Instant.ofEpochMilli(epochMs).toString();
  }
}
