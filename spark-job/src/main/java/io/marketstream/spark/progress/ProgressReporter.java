package io.marketstream.spark.progress;

import io.marketstream.spark.BatchTrigger;
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

/**
 * Reports how far the query has come: after every batch that is committed, and again and again
 * while there is nothing to read.
 *
 * <p>Thread-safe: Spark tells of the query on a thread of its own.
 */
public final class ProgressReporter {
  private final ProgressWriter writer;
  private final boolean looksOnce;
  private final Clock clock;

  /** The newest run of each query. */
  private final Map<String, Run> runs = new ConcurrentHashMap<>();

  /** Some topic of the job did not exist at this moment, and may exist by now. */
  private volatile Instant noTopicBefore = Instant.MAX;

  /** By query, over all of its runs. */
  private final Map<String, QueryProgress> known = new HashMap<>();

  /** From a start of a query to its end. */
  private record Run(StreamingQuery query, Instant startedAt) {}

  private ProgressReporter(ProgressWriter writer, BatchTrigger trigger, Clock clock) {
    this.writer = writer;
    this.looksOnce = trigger instanceof BatchTrigger.Once;
    this.clock = clock;
  }

  /** Reports of the query of a session that is handed to {@link #follow}. */
  public static ProgressReporter observe(
      SparkSession spark, ProgressWriter writer, BatchTrigger trigger) {
    ProgressReporter reporter = new ProgressReporter(writer, trigger, Clock.systemUTC());
    spark.streams().addListener(new Listener(reporter));
    return reporter;
  }

  /**
   * A query runs, for the first time or again.
   *
   * @param startedAt before it was started
   */
  public void follow(StreamingQuery query, Instant startedAt) {
    runs.put(query.name(), new Run(query, startedAt));
  }

  /**
   * A topic of the job is not read yet, if only because it does not exist: what stood in it later
   * than this moment may not be written.
   *
   * @param asked before Kafka said that the topic does not exist
   */
  public void lacksTopics(Instant asked) {
    noTopicBefore = asked;
  }

  /** The query reads every topic of the job. */
  public void hasAllTopics() {
    noTopicBefore = Instant.MAX;
  }

  /**
   * There is no topic to read, so no query runs: everything is written.
   *
   * @param looked before Kafka was asked
   */
  public synchronized void nothingToRead(String query, Instant looked) {
    QueryProgress progress =
        known
            .getOrDefault(query, QueryProgress.unknown(query))
            .after("{}", null, looked, clock.instant());
    known.put(query, progress);
    writer.write(progress);
  }

  /**
   * Called once the query is stopped: returns when the table says how far they have come.
   *
   * @param millis how long Cassandra may take
   */
  public void finish(long millis) throws InterruptedException {
    runs.values().forEach(this::reportNewest);
    writer.finish(millis);
  }

  private Run run(UUID runId) {
    return runs.values().stream()
        .filter(run -> run.query().runId().equals(runId))
        .findAny()
        .orElse(null);
  }

  /** What Spark keeps last of a query: its newest batch, or a newer look that found nothing. */
  private synchronized void reportNewest(Run run) {
    StreamingQueryProgress trigger = run.query().lastProgress();
    if (trigger == null) {
      return;
    }
    String query = run.query().name();
    SourceProgress source = trigger.sources()[0]; // the query has one
    // With --trigger once Spark looks at the ends of the partitions when the query starts.
    Instant looked = looksOnce ? run.startedAt() : Instant.parse(trigger.timestamp());
    Instant complete = looked.isBefore(noTopicBefore) ? looked : noTopicBefore;
    QueryProgress progress =
        known
            .getOrDefault(query, QueryProgress.unknown(query))
            .after(source.endOffset(), source.latestOffset(), complete, clock.instant());
    known.put(query, progress);
    writer.write(progress);
  }

  /**
   * What an event tells is read from the query, which knows the same and tells of an idle query's
   * offsets too. An event of a run that is over, or not followed yet, is left out.
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
