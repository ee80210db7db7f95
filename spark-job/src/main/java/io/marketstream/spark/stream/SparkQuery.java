package io.marketstream.spark.stream;

import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** A run of a query in Spark. */
record SparkQuery(StreamingQuery query, SparkSession spark) implements RunningQuery {
  @Override
  public boolean awaitTermination(long millis) throws StreamingQueryException {
    return query.awaitTermination(millis);
  }

  @Override
  public boolean hasMadeProgress() {
    // Spark keeps the progress of each run separately. It adds one after a committed batch and
    // after the first trigger without new records.
    return query.lastProgress() != null;
  }

  @Override
  public boolean isIdle() {
    return !query.status().isTriggerActive();
  }

  @Override
  public String statusMessage() {
    return query.status().message();
  }

  @Override
  public void cancelTasks() {
    // Spark runs all jobs of a query in a group with the id of the run.
    spark.sparkContext().cancelJobGroup(query.runId().toString());
  }

  @Override
  public void stop() throws TimeoutException {
    query.stop();
  }
}
