package io.marketstream.spark.metrics;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The counts of a batch, or of one task of it.
 *
 * <p>A task that Spark runs twice counts twice. The numbers inform people, and the job never
 * decides by them.
 *
 * <p>Not thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // an index for one run; nothing stores it
public final class BatchCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The watermark of a batch without ticks. */
  static final long NO_WATERMARK = Long.MIN_VALUE;

  private static final JobCounter[] COUNTERS = JobCounter.values();

  /** By ordinal number of the counter: a map would create an object per tick. */
  private final long[] counts = new long[COUNTERS.length];

  private final AgeHistogram ages = new AgeHistogram();
  private long watermark = NO_WATERMARK;

  void add(JobCounter counter, long number) {
    counts[counter.ordinal()] += number;
  }

  /**
   * Adds the age of a tick when it could be read.
   *
   * @param ms from its {@code received_at} to the end of the task that wrote it
   */
  void addAge(long ms) {
    ages.add(ms);
  }

  /**
   * Adds the watermark of a symbol.
   *
   * @param eventTime epoch ms; the latest one is kept
   */
  void addWatermark(long eventTime) {
    watermark = Math.max(watermark, eventTime);
  }

  /** Adds the counts of another task. */
  void add(BatchCounts other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    ages.add(other.ages);
    addWatermark(other.watermark);
  }

  public long get(JobCounter counter) {
    return counts[counter.ordinal()];
  }

  /** Returns the ages of the ticks. The caller must not change them. */
  public AgeHistogram ages() {
    return ages;
  }

  /** Returns the latest watermark in epoch ms, or {@link #NO_WATERMARK}. */
  public long watermark() {
    return watermark;
  }

  BatchCounts copy() {
    BatchCounts copy = new BatchCounts();
    copy.add(this);
    return copy;
  }

  boolean isZero() {
    return ages.isEmpty()
        && watermark == NO_WATERMARK
        && Arrays.stream(counts).allMatch(count -> count == 0);
  }

  /** Returns the counts that are not zero. Spark's UI shows them for each stage. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (JobCounter counter : COUNTERS) {
      if (get(counter) != 0) {
        text.append(text.isEmpty() ? "" : " ")
            .append(counter.key())
            .append('=')
            .append(get(counter));
      }
    }
    return text.toString();
  }
}
