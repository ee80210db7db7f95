package io.marketstream.spark.metrics;

import java.io.Serializable;

/**
 * How many ticks were how old. Buckets grow with what they hold: exact to the ms below 64 ms, above
 * that at most 1/32 (3.1 %) wide. Every age has a bucket, so none can break it, and what no tick
 * needed is not there: the ages of a batch take some hundred bytes, all there could be 15 KiB.
 *
 * <p>Not thread-safe.
 */
public final class AgeHistogram implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int STEP_BITS = 5;
  private static final int STEPS = 1 << STEP_BITS;

  /** A row of steps for each power of two; null until an age falls into it. */
  private final long[][] rows = new long[Long.SIZE - STEP_BITS][];

  private long total;
  private long max;

  /**
   * Counts one tick.
   *
   * @param ms its age; one from the future, which only differing clocks make, counts as 0
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

  /** The greatest age, in ms; 0 without ticks. */
  public long max() {
    return max;
  }

  /**
   * The age in ms that the given share of the ticks does not exceed: never too low, at most 1/32
   * too high. 0 without ticks.
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
