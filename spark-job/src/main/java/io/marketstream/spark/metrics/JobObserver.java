package io.marketstream.spark.metrics;

import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the batches of the job in Spark's metrics system and in the log.
 *
 * <p>Thread-safe: the query reports its batches on its own thread, and Spark reports on another.
 */
public final class JobObserver {
  private static final Logger LOG = LoggerFactory.getLogger(JobObserver.class);

  private final JobMetrics metrics;
  private final BatchLog log;

  private JobObserver(JobMetrics metrics, BatchLog log) {
    this.metrics = metrics;
    this.log = log;
  }

  /**
   * Creates an observer of a query that has not started yet. On the driver.
   *
   * @param query name of the query
   */
  public static JobObserver observe(SparkSession spark, String query) {
    return observe(spark, query, Clock.systemUTC(), LOG::info);
  }

  static JobObserver observe(SparkSession spark, String query, Clock clock, Consumer<String> out) {
    JobObserver observer = new JobObserver(new JobMetrics(clock), new BatchLog(out));
    SparkEnv.get().metricsSystem().registerSource(observer.metrics);
    spark.streams().addListener(new ProgressListener(observer, query));
    return observer;
  }

  /** Adds a batch that has written everything. On the query's thread, before Spark commits it. */
  public void onBatchWritten(BatchReport batch) {
    metrics.onBatchWritten(batch);
    log.onBatchWritten(batch);
  }

  /**
   * Waits, after the query was stopped, until the line of every batch is in the log.
   *
   * @param millis how long Spark may take to report the last batches
   */
  public void finish(long millis) throws InterruptedException {
    log.finish(millis);
  }

  /** Receives Spark's events of the query. */
  private static final class ProgressListener extends StreamingQueryListener {
    private static final long serialVersionUID = 1L;

    private final transient JobObserver observer;
    private final transient String name;

    /** The ids of the query, because the event of its end has no name. */
    private final transient Set<UUID> ids = ConcurrentHashMap.newKeySet();

    ProgressListener(JobObserver observer, String name) {
      this.observer = observer;
      this.name = name;
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
      if (name.equals(event.name())) {
        ids.add(event.id());
        observer.metrics.onStart();
      }
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      if (ids.contains(event.progress().id())) {
        SparkProgress progress = SparkProgress.of(event.progress());
        observer.metrics.onBatchCommitted(progress);
        observer.log.onBatchCommitted(progress);
      }
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
      if (ids.contains(event.id())) {
        observer.log.onQueryEnded();
      }
    }
  }
}
