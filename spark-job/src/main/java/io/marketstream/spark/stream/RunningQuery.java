package io.marketstream.spark.stream;

import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** One run of a query, from its start to its end. Thread-safe. */
public interface RunningQuery {
  /**
   * Waits for the end of the query.
   *
   * @param millis how long to wait; greater than 0
   * @return whether the query has ended
   * @throws StreamingQueryException if the query failed
   */
  boolean awaitTermination(long millis) throws StreamingQueryException;

  /**
   * Returns whether the query has made progress since this start: it has committed a batch, or it
   * has found that there is nothing to read.
   */
  boolean hasMadeProgress();

  /** Returns whether the query waits for records or for its next trigger. */
  boolean isIdle();

  /** Returns Spark's description of what the query is doing. */
  String statusMessage();

  /** Cancels the tasks of the query, so that its batch fails. Does not wait. */
  void cancelTasks();

  /**
   * Stops the query and waits for its end.
   *
   * @throws TimeoutException if this takes longer than {@code spark.sql.streaming.stopTimeout}
   */
  void stop() throws TimeoutException;
}
