package io.marketstream.spark.progress;

import io.marketstream.spark.settings.BatchTrigger;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.jspecify.annotations.Nullable;

/**
 * Reports how far the query has come: after every committed batch, and periodically while there is
 * nothing to read.
 *
 * <p>Thread-safe: Spark sends events about the query on its own thread.
 */
public final class ProgressReporter {
  private final ProgressWriter writer;
  private final boolean readsOnce;
  private final Clock clock;

  /** The newest run of each query. */
  private final Map<String, Run> runs = new ConcurrentHashMap<>();

  /** When a topic of the job was last missing, or {@link Instant#MAX} if none is. */
  private volatile Instant topicMissingAt = Instant.MAX;

  /** The last progress by query, across its restarts. */
  private final Map<String, QueryProgress> known = new HashMap<>();

  /** A run of a query, from a start to an end. */
  private record Run(StreamingQuery query, Instant startedAt) {}

  private ProgressReporter(ProgressWriter writer, BatchTrigger trigger, Clock clock) {
    this.writer = writer;
    this.readsOnce = trigger instanceof BatchTrigger.Once;
    this.clock = clock;
  }

  /** Creates a reporter for the queries of a session that are passed to {@link #follow}. */
  public static ProgressReporter observe(
      SparkSession spark, ProgressWriter writer, BatchTrigger trigger) {
    ProgressReporter reporter = new ProgressReporter(writer, trigger, Clock.systemUTC());
    spark.streams().addListener(new Listener(reporter));
    return reporter;
  }

  /**
   * Reports the progress of a query that was started or restarted.
   *
   * @param startedAt a time before the start
   */
  public void follow(StreamingQuery query, Instant startedAt) {
    runs.put(query.name(), new Run(query, startedAt));
  }

  /**
   * Reports that a query starts. Until it has reported more, nothing of the job counts as written,
   * whatever its other query reports.
   */
  public synchronized void started(String query) {
    QueryProgress last = known.getOrDefault(query, QueryProgress.unknown(query));
    writer.write(last.at(clock.instant()));
  }

  /**
   * Notes that the query does not read all topics of the job, because some do not exist yet.
   * Records that came into such a topic later are not written.
   *
   * @param askedAt a time before Kafka said that the topic does not exist
   */
  public void topicsMissing(Instant askedAt) {
    topicMissingAt = askedAt;
  }

  /** Notes that the query reads all topics of the job. */
  public void allTopicsRead() {
    topicMissingAt = Instant.MAX;
  }

  /**
   * Reports that there is no topic to read, so that no query runs and everything is written.
   *
   * @param askedAt a time before Kafka was asked for the topics
   */
  public synchronized void nothingToRead(String query, Instant askedAt) {
    QueryProgress progress =
        known
            .getOrDefault(query, QueryProgress.unknown(query))
            .after("{}", null, askedAt, clock.instant());
    known.put(query, progress);
    writer.write(progress);
  }

  /**
   * Reports the last progress of the stopped queries and waits until it is written.
   *
   * @param millis how long this may take
   */
  public void finish(long millis) throws InterruptedException {
    runs.values().forEach(this::reportNewest);
    writer.finish(millis);
  }

  private @Nullable Run run(UUID runId) {
    return runs.values().stream()
        .filter(run -> run.query().runId().equals(runId))
        .findAny()
        .orElse(null);
  }

  /** Reports the newest trigger that Spark knows: a batch, or a trigger without new records. */
  private synchronized void reportNewest(Run run) {
    StreamingQueryProgress trigger = run.query().lastProgress();
    if (trigger == null) {
      return;
    }
    String query = run.query().name();
    SourceProgress source = trigger.sources()[0]; // the query has one source
    // With --trigger once, Spark asks for the ends of the partitions when the query starts.
    Instant askedAt = readsOnce ? run.startedAt() : Instant.parse(trigger.timestamp());
    Instant complete = askedAt.isBefore(topicMissingAt) ? askedAt : topicMissingAt;
    QueryProgress progress =
        known
            .getOrDefault(query, QueryProgress.unknown(query))
            .after(source.endOffset(), source.latestOffset(), complete, clock.instant());
    known.put(query, progress);
    writer.write(progress);
  }

  /**
   * Listens to Spark's events. It reads the progress from the query and not from the event, because
   * the event of an idle query has no offsets. It ignores events of runs that are not followed.
   */
  private static final class Listener extends StreamingQueryListener {
    private static final long serialVersionUID = 1L;

    private final transient ProgressReporter reporter;

    Listener(ProgressReporter reporter) {
      this.reporter = reporter;
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {}

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      report(event.progress().runId());
    }

    @Override
    public void onQueryIdle(QueryIdleEvent event) {
      report(event.runId());
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {}

    private void report(UUID runId) {
      Run run = reporter.run(runId);
      if (run != null) {
        reporter.reportNewest(run);
      }
    }
  }
}
