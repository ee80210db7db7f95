package io.marketstream.spark.stream;

import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** A query that Spark runs. */
record SparkQuery(StreamingQuery query, SparkSession spark) implements RunningQuery {
  @Override
  public boolean awaitTermination(long millis) throws StreamingQueryException {
    return query.awaitTermination(millis);
  }

  @Override
  public boolean hasWorked() {
    // Spark tells it of a batch that is committed and of the first look that finds nothing, each
    // run's apart and on the query's own thread.
    return query.lastProgress() != null;
  }

  @Override
  public boolean isResting() {
    return !query.status().isTriggerActive();
  }

  @Override
  public String doing() {
    return query.status().message();
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
