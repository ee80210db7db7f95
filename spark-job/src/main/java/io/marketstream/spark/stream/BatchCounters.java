package io.marketstream.spark.stream;

import io.marketstream.spark.metrics.BatchCounts;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.metrics.Count;
import java.io.Serializable;
import org.apache.spark.sql.SparkSession;

/**
 * What executors count while they work on a batch, so that no batch is read again only to be
 * counted.
 */
final class BatchCounters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final BatchCountsAccumulator accumulator = new BatchCountsAccumulator();

  BatchCounters(SparkSession spark, String query) {
    spark.sparkContext().register(accumulator, query);
  }

  /** On an executor. */
  void add(Count count, long number) {
    accumulator.counts().add(count, number);
  }

  /**
   * On an executor: counts how old a tick was when it could be read.
   *
   * @param ms from its {@code received_at} to the end of the task that wrote it
   */
  void addAge(long ms) {
    accumulator.counts().addAge(ms);
  }

  /**
   * On an executor, for each symbol: its watermark.
   *
   * @param eventTime epoch ms
   */
  void watermark(long eventTime) {
    accumulator.counts().watermark(eventTime);
  }

  /** On the driver, once the batch is written: what will not be counted any further. */
  BatchCounts taken() {
    return accumulator.value();
  }

  /** On the driver, before a batch. */
  void reset() {
    accumulator.reset();
  }
}
