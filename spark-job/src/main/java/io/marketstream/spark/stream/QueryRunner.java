package io.marketstream.spark.stream;

import io.marketstream.spark.BatchTrigger;
import io.marketstream.spark.StartException;
import io.marketstream.spark.metrics.BatchReport;
import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the query over the topics that exist, and runs its batches: through the gate, and each
 * with a report. Topics that do not exist yet are looked for again and again.
 *
 * <p>For one thread; batches run on one of Spark's.
 */
public final class QueryRunner implements QuerySupervisor.Starter {
  private static final Logger LOG = LoggerFactory.getLogger(QueryRunner.class);
  private static final long LEAST_PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  /** Asks Kafka which of the topics that the job is to read exist. */
  public interface Topics {
    /** All that are to be read, in a fixed order. */
    List<String> wanted();

    /**
     * Those of them that exist, in the same order.
     *
     * @throws StartException if no broker answers
     */
    List<String> existing();
  }

  private final SparkSession spark;
  private final MarketDataQuery query;
  private final BatchTrigger trigger;
  private final String startingOffsets;
  private final Topics topics;
  private final BatchGate gate;
  private final JobObserver observer;
  private final ProgressReporter progress;

  private List<String> subscribed = List.of();
  private boolean foundNone;
  private long lookedAt;
  private long missedSince;
  private String sink;

  /**
   * @param startingOffsets {@code earliest} or {@code latest}
   */
  public QueryRunner(
      SparkSession spark,
      MarketDataQuery query,
      BatchTrigger trigger,
      String startingOffsets,
      Topics topics,
      BatchGate gate,
      JobObserver observer,
      ProgressReporter progress) {
    this.spark = spark;
    this.query = query;
    this.trigger = trigger;
    this.startingOffsets = startingOffsets;
    this.topics = topics;
    this.gate = gate;
    this.observer = observer;
    this.progress = progress;
  }

  @Override
  public RunningQuery start() throws TimeoutException {
    Instant asked = Instant.now();
    subscribed = topics.existing();
    lookedAt = System.nanoTime();
    missedSince = lookedAt;
    if (lacksTopics()) {
      LOG.info("reads {} of {}, and looks for the others", subscribed, topics.wanted());
      progress.lacksTopics(asked);
    } else {
      progress.hasAllTopics();
    }
    if (subscribed.isEmpty()) {
      foundNone = true;
      progress.nothingToRead(MarketDataQuery.NAME, asked);
      return new QueryWithoutTopics(trigger instanceof BatchTrigger.Once);
    }
    return startSpark(asked);
  }

  private boolean lacksTopics() {
    return subscribed.size() < topics.wanted().size();
  }

  private RunningQuery startSpark(Instant startedAt) throws TimeoutException {
    CompletableFuture<StreamingQuery> started = new CompletableFuture<>();
    if (sink != null) {
      CandlesSink.unregister(sink);
    }
    sink = CandlesSink.register(spark, query.tables(), new Batches(started));
    StreamingQuery running =
        query
            // Whoever waits for a topic wants all of it.
            .rows(spark, subscribed, foundNone ? "earliest" : startingOffsets)
            .writeStream()
            .queryName(MarketDataQuery.NAME)
            .outputMode("append")
            .trigger(sparkTrigger())
            .format(CandlesSink.class.getName())
            .start();
    started.complete(running);
    progress.follow(running, startedAt);
    return new SparkQuery(running, spark);
  }

  @Override
  public boolean findsMoreTopics() {
    if (!lacksTopics()
        || trigger instanceof BatchTrigger.Once
        || System.nanoTime() - lookedAt < pauseBetweenLooks()) {
      return false;
    }
    Instant asked = Instant.now();
    try {
      List<String> existing = topics.existing();
      if (!subscribed.containsAll(existing)) {
        return true;
      }
      progress.lacksTopics(asked);
      if (subscribed.isEmpty()) {
        progress.nothingToRead(MarketDataQuery.NAME, asked);
      }
      return false;
    } catch (StartException e) {
      LOG.debug("Kafka does not say which topics there are", e);
      return false;
    } finally {
      lookedAt = System.nanoTime();
    }
  }

  /** A topic that has not come for long may never come: each look costs a little. */
  private long pauseBetweenLooks() {
    long missed = System.nanoTime() - missedSince;
    return Math.max(LEAST_PAUSE_NANOS, Math.min(missed / 10, LONGEST_PAUSE_NANOS));
  }

  /** On the thread of the query. */
  private final class Batches implements BatchListener {
    private final CompletableFuture<StreamingQuery> started;
    private long begin;

    Batches(CompletableFuture<StreamingQuery> started) {
      this.started = started;
    }

    @Override
    public void begins() throws InterruptedException {
      gate.enter(this::isActive);
      begin = System.nanoTime();
      query.counters().reset();
    }

    /** The first batch may come before start() has returned: until then it runs, of course. */
    private boolean isActive() {
      StreamingQuery running = started.getNow(null);
      return running == null || running.isActive();
    }

    @Override
    public void written(long id) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      observer.written(
          new BatchReport(id, query.counters().taken(), millis, System.currentTimeMillis()));
      gate.leave();
    }

    @Override
    public void failed() {
      gate.leave();
    }
  }

  private Trigger sparkTrigger() {
    if (trigger instanceof BatchTrigger.Every every) {
      return Trigger.ProcessingTime(every.millis());
    }
    return Trigger.AvailableNow();
  }
}
