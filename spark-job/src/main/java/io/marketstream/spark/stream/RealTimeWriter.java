package io.marketstream.spark.stream;

import io.marketstream.spark.metrics.BatchCountsAccumulator;
import org.apache.spark.sql.ForeachWriter;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Stores the records of one Kafka partition in real-time mode.
 *
 * <p>Spark opens it at the start of a task, which lasts a checkpoint interval, and closes it at the
 * end.
 */
final class RealTimeWriter extends ForeachWriter<Row> {
  private static final long serialVersionUID = 1L;

  private final String gapsTopic;
  private final long futureToleranceMs;
  private final RecordStore.Opener opener;
  private final BatchCountsAccumulator counters;

  private transient @Nullable TimedIntake intake;

  RealTimeWriter(
      String gapsTopic,
      long futureToleranceMs,
      RecordStore.Opener opener,
      BatchCountsAccumulator counters) {
    this.gapsTopic = gapsTopic;
    this.futureToleranceMs = futureToleranceMs;
    this.opener = opener;
    this.counters = counters;
  }

  @Override
  public boolean open(long partitionId, long epochId) {
    intake = new TimedIntake(gapsTopic, futureToleranceMs, opener.open(), counters);
    return true;
  }

  @Override
  public void process(Row row) {
    if (intake != null) {
      intake.store(row);
    }
  }

  /**
   * Waits until everything is stored. If it throws an exception, Spark does not commit.
   *
   * <p>After a failure it does not wait. Spark adds the exception of this method to that failure.
   */
  @Override
  public void close(@Nullable Throwable failure) {
    if (intake != null) {
      intake.close(failure == null);
      intake = null;
    }
  }
}
