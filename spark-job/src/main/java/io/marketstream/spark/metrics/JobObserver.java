package io.marketstream.spark.metrics;

import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.jspecify.annotations.Nullable;
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
    return observe(spark, query, new JobObserver(new JobMetrics(clock), new BatchLog(out)), null);
  }

  /**
   * Creates an observer of a query in real-time mode. Its metrics have the name of the query. Spark
   * does not tell the job when a checkpoint interval ends, so the observer counts an interval when
   * Spark reports it.
   *
   * @param counters the counts of the interval
   */
  public static JobObserver observeRealTime(
      SparkSession spark, String query, BatchCountsAccumulator counters) {
    return observe(
        spark,
        query,
        new JobObserver(
            new JobMetrics(Clock.systemUTC(), query),
            new BatchLog(line -> LOG.info("real-time {}", line))),
        counters);
  }

  private static JobObserver observe(
      SparkSession spark,
      String query,
      JobObserver observer,
      @Nullable BatchCountsAccumulator counters) {
    SparkEnv.get().metricsSystem().registerSource(observer.metrics);
    spark.streams().addListener(new ProgressListener(observer, query, counters));
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
    private final transient @Nullable BatchCountsAccumulator counters;

    /** The ids of the query, because the event of its end has no name. */
    private final transient Set<UUID> ids = ConcurrentHashMap.newKeySet();

    ProgressListener(JobObserver observer, String name, @Nullable BatchCountsAccumulator counters) {
      this.observer = observer;
      this.name = name;
      this.counters = counters;
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
      if (name.equals(event.name())) {
        ids.add(event.id());
        if (counters != null) {
          counters.reset(); // of an interval that failed
        }
        observer.metrics.onStart();
      }
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      if (ids.contains(event.progress().id())) {
        SparkProgress progress = SparkProgress.of(event.progress());
        if (counters != null) {
          observer.onBatchWritten(interval(progress, counters));
        }
        observer.metrics.onBatchCommitted(progress);
        observer.log.onBatchCommitted(progress);
      }
    }

    /** The tasks of the next interval bring their counts at its end, long after this. */
    private static BatchReport interval(SparkProgress progress, BatchCountsAccumulator counters) {
      BatchReport interval =
          new BatchReport(
              progress.batchId(),
              counters.value(),
              progress.phaseMs(SparkProgress.Phase.ADD_BATCH),
              System.currentTimeMillis());
      counters.reset();
      return interval;
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
      if (ids.contains(event.id())) {
        observer.log.onQueryEnded();
      }
    }
  }
}
