package io.marketstream.spark.stream;

import io.marketstream.spark.BatchTrigger;
import io.marketstream.spark.metrics.BatchCounts;
import io.marketstream.spark.metrics.BatchReport;
import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/** Starts queries and runs their batches: through the gate, and each with a report. */
public final class QueryRunner {
  private final SparkSession spark;
  private final BatchTrigger trigger;
  private final BatchGate gate;
  private final JobObserver observer;
  private final ProgressReporter progress;

  public QueryRunner(
      SparkSession spark,
      BatchTrigger trigger,
      BatchGate gate,
      JobObserver observer,
      ProgressReporter progress) {
    this.spark = spark;
    this.trigger = trigger;
    this.gate = gate;
    this.observer = observer;
    this.progress = progress;
  }

  /** Starts the query; its batches run on a thread of Spark's. */
  public RunningQuery start(MarketQuery query) throws TimeoutException {
    CompletableFuture<StreamingQuery> started = new CompletableFuture<>();
    Instant startedAt = Instant.now();
    StreamingQuery running =
        query
            .rows(spark)
            .writeStream()
            .queryName(query.name())
            .outputMode("update")
            .trigger(sparkTrigger())
            .foreachBatch(
                (VoidFunction2<Dataset<Row>, Long>)
                    (batch, id) -> {
                      gate.enter(query.name(), () -> isActive(started));
                      try {
                        runBatch(query, batch, id);
                      } finally {
                        gate.leave(query.name());
                      }
                    })
            .start();
    started.complete(running);
    progress.follow(running, startedAt);
    return new SparkQuery(running, spark);
  }

  /** The first batch may come before start() has returned: until then the query runs, of course. */
  private static boolean isActive(CompletableFuture<StreamingQuery> started) {
    StreamingQuery query = started.getNow(null);
    return query == null || query.isActive();
  }

  private void runBatch(MarketQuery query, Dataset<Row> batch, long id) {
    long start = System.nanoTime();
    query.counters().reset();
    BatchCounts counted = query.write(batch);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    observer.written(
        new BatchReport(query.name(), id, counted, millis, System.currentTimeMillis()));
  }

  private Trigger sparkTrigger() {
    if (trigger instanceof BatchTrigger.Every every) {
      return Trigger.ProcessingTime(every.millis());
    }
    return Trigger.AvailableNow();
  }
}
