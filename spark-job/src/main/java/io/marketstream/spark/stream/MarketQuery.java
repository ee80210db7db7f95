package io.marketstream.spark.stream;

import io.marketstream.spark.metrics.BatchCounts;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One of the job's streaming queries: what it reads, and what it does with a batch. */
public sealed interface MarketQuery permits TicksQuery, FoldQuery {
  /**
   * Its name in Spark's metrics and of its checkpoint. Never changes: the checkpoint hangs on it.
   */
  String name();

  /** What its executors count. */
  BatchCounters counters();

  /** The rows it works on, as a stream. */
  Dataset<Row> rows(SparkSession spark);

  /**
   * Writes one batch; writing it again changes nothing. On the query's thread.
   *
   * @return what was counted
   */
  BatchCounts write(Dataset<Row> batch);
}
