package io.marketstream.spark.stream;

import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** A query from one start to its end. Thread-safe. */
public interface RunningQuery {
  /**
   * Waits for the end.
   *
   * @param millis above 0, as Spark wants it
   * @return whether it has come
   * @throws StreamingQueryException what the query failed with
   */
  boolean awaitTermination(long millis) throws StreamingQueryException;

  /**
   * Whether it did, since this start, what a failing query cannot: it committed a batch, or found
   * that there was nothing to read.
   */
  boolean hasWorked();

  /** Whether it waits for records or for its next trigger. */
  boolean isResting();

  /** What it does at the moment, in Spark's words. */
  String doing();

  /** Takes its tasks from the executors: the batch that waits for them fails. Does not wait. */
  void cancelTasks();

  /**
   * Stops it and waits for the end.
   *
   * @throws TimeoutException if it takes longer than {@code spark.sql.streaming.stopTimeout}
   */
  void stop() throws TimeoutException;
}
