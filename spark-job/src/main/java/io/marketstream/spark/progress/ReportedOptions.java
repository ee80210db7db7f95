package io.marketstream.spark.progress;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.settings.JobSettings;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The options that decide what the tables contain, as the job reports them for the auditor.
 *
 * @param candles names of the candle intervals, shortest first
 * @param latenessMs how long a candle stays open after its end, in event time
 * @param futureToleranceMs how far an event time may be ahead of its {@code received_at}
 * @param topics topics of ticks, sorted
 * @param startingOffsets {@code earliest} or {@code latest}
 * @param version version of the job's jar
 */
public record ReportedOptions(
    List<String> candles,
    long latenessMs,
    long futureToleranceMs,
    List<String> topics,
    String gapsTopic,
    String rejectedTopic,
    String startingOffsets,
    String version) {

  public ReportedOptions {
    candles = List.copyOf(candles);
    topics = List.copyOf(topics);
  }

  /** Returns the options in the settings of a job. */
  public static ReportedOptions of(JobSettings settings, String version) {
    return new ReportedOptions(
        settings.candles().stream()
            .sorted(Comparator.comparingLong(CandleInterval::millis))
            .map(CandleInterval::name)
            .toList(),
        settings.latenessMs(),
        settings.futureToleranceMs(),
        settings.topics().stream().sorted().toList(),
        settings.gapsTopic(),
        settings.rejectedTopic(),
        settings.startingOffsets(),
        version);
  }

  /**
   * Returns the time from which new options are valid: now, or just after the previous options if
   * the clock was set back.
   */
  public static Instant since(Instant now, Instant before) {
    Instant next = before.plusMillis(1);
    return now.isBefore(next) ? next : now;
  }
}
