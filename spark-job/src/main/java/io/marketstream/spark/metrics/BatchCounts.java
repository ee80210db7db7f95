package io.marketstream.spark.metrics;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What was counted of a batch, or of a task's share of it. A task that Spark runs twice counts
 * twice: the numbers are for people, never for decisions that a too high number could spoil.
 *
 * <p>Not thread-safe.
 */
public final class BatchCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** In place of a time that no tick has set. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private final long[] counts = new long[Count.values().length];
  private final AgeHistogram ages = new AgeHistogram();
  private long watermark = NO_TIME;

  public void add(Count count, long number) {
    counts[count.ordinal()] += number;
  }

  /**
   * Counts how old a tick was when it could be read.
   *
   * @param ms from its {@code received_at} to the end of the task that wrote it
   */
  public void addAge(long ms) {
    ages.add(ms);
  }

  /**
   * Takes note of how far a symbol has closed its candles.
   *
   * @param eventTime epoch ms; the latest one stays
   */
  public void watermark(long eventTime) {
    watermark = Math.max(watermark, eventTime);
  }

  public void add(BatchCounts other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    ages.add(other.ages);
    watermark(other.watermark);
  }

  public long get(Count count) {
    return counts[count.ordinal()];
  }

  /** Not to be changed. */
  public AgeHistogram ages() {
    return ages;
  }

  /** Epoch ms, or {@link #NO_TIME}. */
  public long watermark() {
    return watermark;
  }

  public BatchCounts copy() {
    BatchCounts copy = new BatchCounts();
    copy.add(this);
    return copy;
  }

  public boolean isZero() {
    return ages.isEmpty()
        && watermark == NO_TIME
        && Arrays.stream(counts).allMatch(count -> count == 0);
  }

  /** For Spark's UI, which shows it stage by stage. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Count count : Count.values()) {
      if (get(count) != 0) {
        text.append(text.isEmpty() ? "" : " ").append(count.key()).append('=').append(get(count));
      }
    }
    return text.toString();
  }
}
