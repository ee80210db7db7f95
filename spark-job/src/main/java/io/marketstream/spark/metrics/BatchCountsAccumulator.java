package io.marketstream.spark.metrics;

import org.apache.spark.util.AccumulatorV2;

/**
 * Brings {@link BatchCounts} from the executors to the driver: one object a task, however much is
 * counted.
 */
public final class BatchCountsAccumulator extends AccumulatorV2<BatchCounts, BatchCounts> {
  private static final long serialVersionUID = 1L;

  private BatchCounts counts = new BatchCounts();

  /** Where the running task counts; without a look-up or a box per tick. */
  public BatchCounts counts() {
    return counts;
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

  @Override
  public void reset() {
    counts = new BatchCounts();
  }

  @Override
  public void add(BatchCounts more) {
    counts.add(more);
  }

  @Override
  public void merge(AccumulatorV2<BatchCounts, BatchCounts> other) {
    counts.add(other.value());
  }

  /** As counted so far; later counts do not change it. */
  @Override
  public BatchCounts value() {
    return counts.copy();
  }
}
