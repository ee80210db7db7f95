package io.marketstream.spark.progress;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.JobSettings;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The options that decide what the tables hold. Two runs whose options are equal differ in nothing
 * that an auditor could see.
 *
 * @param candles names of the intervals, shortest first
 * @param latenessMs how long a candle stays open behind its end, in event time
 * @param futureToleranceMs how far an event time may be ahead of its receipt
 * @param topics topics of ticks, sorted
 * @param startingOffsets {@code earliest} or {@code latest}
 * @param version of the job's jar
 */
public record RunOptions(
    List<String> candles,
    long latenessMs,
    long futureToleranceMs,
    List<String> topics,
    String gapsTopic,
    String rejectedTopic,
    String startingOffsets,
    String version) {

  public RunOptions {
    candles = List.copyOf(candles);
    topics = List.copyOf(topics);
  }

  /** The options of a job that is about to run. */
  public static RunOptions of(JobSettings settings, String version) {
    return new RunOptions(
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
   * From when on other options count: now, but later than those before them, even where the clock
   * was set back.
   */
  public static Instant since(Instant now, Instant before) {
    Instant next = before.plusMillis(1);
    return now.isBefore(next) ? next : now;
  }
}
