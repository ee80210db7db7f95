package io.marketstream.spark.metrics;

import java.io.Serializable;

/**
 * A histogram of the ages of ticks: exact below 64 ms, and with buckets of at most 1/32 (3.1 %)
 * above.
 *
 * <p>Every age has a bucket, so no age is refused. Buckets exist only where there are ages. The
 * histogram of a batch therefore takes some hundred bytes, and at most 15 KiB.
 *
 * <p>Not HdrHistogram, whose arrays would add up to 35 KiB to the result of every task. It also
 * cannot be resized safely while Spark serializes the accumulator of a running task for a
 * heartbeat.
 *
 * <p>Not thread-safe.
 */
public final class AgeHistogram implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int STEP_BITS = 5;
  private static final int STEPS = 1 << STEP_BITS;

  /** A row of buckets for each power of two; null until the row has an age. */
  private final long[][] rows = new long[Long.SIZE - STEP_BITS][];

  private long total;
  private long max;

  /**
   * Adds the age of one tick.
   *
   * @param ms the age; a negative age, from clocks that differ, counts as 0
   */
  public void add(long ms) {
    long age = Math.max(0, ms);
    int shift = shift(age);
    int row = age < STEPS ? 0 : shift + 1;
    if (rows[row] == null) {
      rows[row] = new long[STEPS];
    }
    rows[row][(int) (age >>> shift) & (STEPS - 1)]++;
    total++;
    max = Math.max(max, age);
  }

  private static int shift(long age) {
    return Math.max(0, Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(age));
  }

  /** Adds the ages of another histogram. */
  public void add(AgeHistogram other) {
    for (int row = 0; row < rows.length; row++) {
      long[] added = other.rows[row];
      if (added == null) {
        continue;
      }
      if (rows[row] == null) {
        rows[row] = new long[STEPS];
      }
      for (int step = 0; step < STEPS; step++) {
        rows[row][step] += added[step];
      }
    }
    total += other.total;
    max = Math.max(max, other.max);
  }

  public boolean isEmpty() {
    return total == 0;
  }

  /** Returns the greatest age in ms, or 0 without ticks. */
  public long max() {
    return max;
  }

  /**
   * Returns the age in ms that the given share of the ticks does not exceed, or 0 without ticks.
   * The result is never too low, and at most 1/32 too high.
   *
   * @param share such as 0.99
   */
  public long quantile(double share) {
    long wanted = (long) Math.ceil(share * total);
    long seen = 0;
    for (int row = 0; row < rows.length; row++) {
      for (int step = 0; rows[row] != null && step < STEPS; step++) {
        seen += rows[row][step];
        if (seen > 0 && seen >= wanted) {
          return Math.min(max, greatestOf(row, step));
        }
      }
    }
    return max;
  }

  private static long greatestOf(int row, int step) {
    return row == 0 ? step : ((STEPS + step + 1L) << (row - 1)) - 1;
  }
}
