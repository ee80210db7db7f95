package io.marketstream.spark.stream;

import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** A query that Spark runs. */
record SparkQuery(StreamingQuery query, SparkSession spark, IdleRuns idleRuns)
    implements RunningQuery {
  @Override
  public boolean awaitTermination(long millis) throws StreamingQueryException {
    return query.awaitTermination(millis);
  }

  @Override
  public boolean hasWorked() {
    // Spark tells a batch's progress once it is committed, and on the query's own thread.
    return query.lastProgress() != null || idleRuns.contains(query.id(), query.runId());
  }

  @Override
  public void cancelTasks() {
    // The group in which Spark runs all jobs of a query.
    spark.sparkContext().cancelJobGroup(query.runId().toString());
  }

  @Override
  public void stop() throws TimeoutException {
    query.stop();
  }
}
