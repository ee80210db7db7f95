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
 * Shows the job's batches in Spark's metrics system and in the log.
 *
 * <p>Thread-safe: the query reports its batches on its own thread, Spark on one of its own.
 */
public final class JobObserver {
  private static final Logger LOG = LoggerFactory.getLogger(JobObserver.class);

  private final JobMetrics metrics;
  private final BatchLog log;

  private JobObserver(JobMetrics metrics, BatchLog log) {
    this.metrics = metrics;
    this.log = log;
  }

  /** Observes a query of a session, which is to be started hereafter. On the driver. */
  public static JobObserver observe(SparkSession spark, ObservedQuery query) {
    return observe(spark, query, Clock.systemUTC(), LOG::info);
  }

  static JobObserver observe(
      SparkSession spark, ObservedQuery query, Clock clock, Consumer<String> out) {
    JobObserver observer = new JobObserver(new JobMetrics(query, clock), new BatchLog(query, out));
    SparkEnv.get().metricsSystem().registerSource(observer.metrics);
    spark.streams().addListener(new Progress(observer, query.name()));
    return observer;
  }

  /** A batch has written everything. On its query's thread, before Spark commits it. */
  public void written(BatchReport batch) {
    metrics.query().written(batch);
    log.written(batch);
  }

  /**
   * Called once the query is stopped: returns when the line of every batch is in the log.
   *
   * @param millis how long Spark may take to tell the last of what it knows
   */
  public void finish(long millis) throws InterruptedException {
    log.finish(millis);
  }

  /** What Spark tells of the query, in the order of its batches. */
  private static final class Progress extends StreamingQueryListener {
    private static final long serialVersionUID = 1L;

    private final transient JobObserver observer;
    private final transient String name;

    /** An end tells only the id of its query. */
    private final transient Set<UUID> ids = ConcurrentHashMap.newKeySet();

    Progress(JobObserver observer, String name) {
      this.observer = observer;
      this.name = name;
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
      if (name.equals(event.name())) {
        ids.add(event.id());
        observer.metrics.query().started();
      }
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      if (ids.contains(event.progress().id())) {
        SparkProgress progress = SparkProgress.of(event.progress());
        observer.metrics.query().committed(progress);
        observer.log.committed(progress);
      }
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
      if (ids.contains(event.id())) {
        observer.log.ended();
      }
    }
  }
}
