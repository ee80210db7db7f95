package io.marketstream.spark.metrics;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the job's batches in Spark's metrics system and in the log.
 *
 * <p>Thread-safe: queries report their batches on their own threads, Spark on one of its own.
 */
public final class JobObserver {
  private static final Logger LOG = LoggerFactory.getLogger(JobObserver.class);

  private final JobMetrics metrics;
  private final BatchLog log;

  private JobObserver(JobMetrics metrics, BatchLog log) {
    this.metrics = metrics;
    this.log = log;
  }

  /** Observes the queries of a session, which are to be started hereafter. On the driver. */
  public static JobObserver observe(SparkSession spark, List<ObservedQuery> queries) {
    return observe(spark, queries, Clock.systemUTC(), LOG::info);
  }

  static JobObserver observe(
      SparkSession spark, List<ObservedQuery> queries, Clock clock, Consumer<String> out) {
    JobObserver observer =
        new JobObserver(new JobMetrics(queries, clock), new BatchLog(queries, out));
    SparkEnv.get().metricsSystem().registerSource(observer.metrics);
    spark.streams().addListener(new Progress(observer));
    return observer;
  }

  /** A batch has written everything. On its query's thread, before Spark commits it. */
  public void written(BatchReport batch) {
    metrics.of(batch.query()).written(batch);
    log.written(batch);
  }

  /**
   * Called once the queries are stopped: returns when the line of every batch is in the log.
   *
   * @param millis how long Spark may take to tell the last of what it knows
   */
  public void finish(long millis) throws InterruptedException {
    log.finish(millis);
  }

  /** What Spark tells of the queries, in the order of each one's batches. */
  private static final class Progress extends StreamingQueryListener {
    private static final long serialVersionUID = 1L;

    private final transient JobObserver observer;

    /** An end tells only the id of its query. */
    private final transient Map<UUID, String> names = new ConcurrentHashMap<>();

    Progress(JobObserver observer) {
      this.observer = observer;
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
      if (observer.metrics.of(event.name()) != null) {
        names.put(event.id(), event.name());
        observer.metrics.of(event.name()).started();
      }
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      String name = names.get(event.progress().id());
      if (name != null) {
        SparkProgress progress = SparkProgress.of(event.progress());
        observer.metrics.of(name).committed(progress);
        observer.log.committed(name, progress);
      }
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
      String name = names.get(event.id());
      if (name != null) {
        observer.log.ended(name);
      }
    }
  }
}
