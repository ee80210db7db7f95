package io.marketstream.spark.stream;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryListener;

/** Which queries have found their topics read to the end since their last start. Thread-safe. */
final class IdleRuns extends StreamingQueryListener {
  private static final long serialVersionUID = 1L;

  /** The newest such run of each query. */
  private final transient Map<UUID, UUID> runs = new ConcurrentHashMap<>();

  private IdleRuns() {}

  /** Observes the queries that are started hereafter. */
  static IdleRuns observe(SparkSession spark) {
    IdleRuns idle = new IdleRuns();
    spark.streams().addListener(idle);
    return idle;
  }

  /** Whether a run of the query was idle; told by Spark a moment later. */
  boolean contains(UUID query, UUID run) {
    return run.equals(runs.get(query));
  }

  @Override
  public void onQueryStarted(QueryStartedEvent event) {}

  @Override
  public void onQueryProgress(QueryProgressEvent event) {}

  @Override
  public void onQueryIdle(QueryIdleEvent event) {
    runs.put(event.id(), event.runId());
  }

  @Override
  public void onQueryTerminated(QueryTerminatedEvent event) {}
}
