package io.marketstream.spark.metrics;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts on the executors and brings the counts of a batch to the driver.
 *
 * <p>Because the tasks of a batch count while they work, no batch is read again only to be counted.
 */
public final class BatchCountsAccumulator extends AccumulatorV2<BatchCounts, BatchCounts> {
  private static final long serialVersionUID = 1L;

  private BatchCounts counts = new BatchCounts();

  private BatchCountsAccumulator() {}

  /** Creates an accumulator and registers it with Spark under a name. On the driver. */
  public static BatchCountsAccumulator register(SparkSession spark, String name) {
    BatchCountsAccumulator accumulator = new BatchCountsAccumulator();
    spark.sparkContext().register(accumulator, name);
    return accumulator;
  }

  /** Adds to a counter. On an executor. */
  public void add(JobCounter counter, long number) {
    counts.add(counter, number);
  }

  /**
   * Adds the age of a tick when it could be read. On an executor.
   *
   * @param ms from its {@code received_at} to the end of the task that wrote it
   */
  public void addAge(long ms) {
    counts.addAge(ms);
  }

  /**
   * Adds the watermark of a symbol. On an executor.
   *
   * @param eventTime epoch ms
   */
  public void addWatermark(long eventTime) {
    counts.addWatermark(eventTime);
  }

  /** Adds the counts of another task. */
  @Override
  public void add(BatchCounts more) {
    counts.add(more);
  }

  @Override
  public boolean isZero() {
    return counts.isZero();
  }

  @Override
  public BatchCountsAccumulator copy() {
    BatchCountsAccumulator copy = new BatchCountsAccumulator();
    copy.counts = value();
    return copy;
  }

  /** Sets everything to zero, before a batch. */
  @Override
  public void reset() {
    counts = new BatchCounts();
  }

  @Override
  public void merge(AccumulatorV2<BatchCounts, BatchCounts> other) {
    counts.add(other.value());
  }

  /** Returns a copy of the counts so far. */
  @Override
  public BatchCounts value() {
    return counts.copy();
  }
}
