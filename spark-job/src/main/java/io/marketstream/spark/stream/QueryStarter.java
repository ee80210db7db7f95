package io.marketstream.spark.stream;

import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.metrics.BatchReport;
import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import io.marketstream.spark.settings.BatchTrigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the query for the topics that exist, and reports each of its batches.
 *
 * <p>Every batch passes the barrier. Topics that do not exist yet are checked for periodically.
 *
 * <p>For one thread. Batches run on a thread of Spark.
 */
public final class QueryStarter implements QuerySupervisor.Starter {
  private static final Logger LOG = LoggerFactory.getLogger(QueryStarter.class);
  private static final long MIN_LOOKUP_INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long MAX_LOOKUP_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  /** Asks Kafka which of the topics that the job reads exist. */
  public interface TopicLookup {
    /** Returns all topics that the job reads, in a fixed order. */
    List<String> configured();

    /**
     * Returns those topics that exist, in the same order.
     *
     * @throws StartException if no broker answers
     */
    List<String> existing();

    /**
     * Returns how many partitions the topics have together.
     *
     * @throws StartException if no broker answers
     */
    int partitions(List<String> topics);
  }

  /** Beside a real-time query, the fold leaves the cores to it in between. */
  private static final long FOLD_INTERVAL_MS = 1_000;

  private final SparkSession spark;
  private final MarketDataQuery query;
  private final Optional<RealTimeQuery> realTime;
  private final BatchTrigger trigger;
  private final String startingOffsets;
  private final TopicLookup topics;
  private final BatchBarrier barrier;
  private final JobObserver observer;
  private final ProgressReporter progress;
  private final Duration maxBatch;

  private List<String> subscribed = List.of();
  private boolean foundNoTopic;
  private long lookedUpAt;
  private long missingSince;
  private @Nullable String sinkId;

  /**
   * Creates a starter.
   *
   * @param realTime the query that stores in real-time mode
   * @param startingOffsets {@code earliest} or {@code latest}
   * @param maxBatch how much longer than its interval a checkpoint of the real-time query may take
   */
  public QueryStarter(
      SparkSession spark,
      MarketDataQuery query,
      Optional<RealTimeQuery> realTime,
      BatchTrigger trigger,
      String startingOffsets,
      TopicLookup topics,
      BatchBarrier barrier,
      JobObserver observer,
      ProgressReporter progress,
      Duration maxBatch) {
    this.spark = spark;
    this.query = query;
    this.realTime = realTime;
    this.trigger = trigger;
    this.startingOffsets = startingOffsets;
    this.topics = topics;
    this.barrier = barrier;
    this.observer = observer;
    this.progress = progress;
    this.maxBatch = maxBatch;
  }

  @Override
  public RunningQuery start() throws TimeoutException {
    Instant askedAt = Instant.now();
    subscribed = topics.existing();
    lookedUpAt = System.nanoTime();
    missingSince = lookedUpAt;
    if (isMissingTopics()) {
      LOG.info("reading {} of {}, and checking for the others", subscribed, topics.configured());
      progress.topicsMissing(askedAt);
    } else {
      progress.allTopicsRead();
    }
    if (subscribed.isEmpty()) {
      foundNoTopic = true;
      reportNothingToRead(askedAt);
      return new QueryWithoutTopics(trigger instanceof BatchTrigger.Once);
    }
    // A job that had to wait for its first topic reads all of it.
    String offsets = foundNoTopic ? "earliest" : startingOffsets;
    int slots = spark.sparkContext().defaultParallelism();
    if (realTime.isEmpty()) {
      return startSpark(offsets, slots, askedAt);
    }
    // A topic that comes later has one partition at least.
    int partitions = topics.partitions(subscribed) + topics.configured().size() - subscribed.size();
    TaskSlots.requireOfLocalMaster(spark.sparkContext(), partitions);
    progress.started(RealTimeQuery.NAME);
    RunningQuery fold = startSpark(offsets, Math.max(1, slots - partitions), askedAt);
    return startRealTime(realTime.get(), fold, offsets, askedAt);
  }

  private void reportNothingToRead(Instant askedAt) {
    progress.nothingToRead(MarketDataQuery.NAME, askedAt);
    if (realTime.isPresent()) {
      progress.nothingToRead(RealTimeQuery.NAME, askedAt);
    }
  }

  private boolean isMissingTopics() {
    return subscribed.size() < topics.configured().size();
  }

  private RunningQuery startRealTime(
      RealTimeQuery query, RunningQuery fold, String offsets, Instant startedAt)
      throws TimeoutException {
    try {
      StreamingQuery running = query.start(spark, subscribed, offsets);
      progress.follow(running, startedAt);
      return new FoldBesideRealTime(
          fold,
          new SparkQuery(running, spark),
          new RealTimeIntervals(running, spark.sparkContext()),
          Duration.ofMillis(query.checkpointMillis()).plus(maxBatch),
          System::nanoTime);
    } catch (Throwable e) { // Spark throws checked exceptions that it does not declare
      try {
        fold.stop();
      } catch (RuntimeException | TimeoutException hanging) {
        e.addSuppressed(hanging);
      }
      throw e;
    }
  }

  private RunningQuery startSpark(String offsets, int localTasks, Instant startedAt)
      throws TimeoutException {
    CompletableFuture<StreamingQuery> started = new CompletableFuture<>();
    if (sinkId != null) {
      CandlesSink.unregister(sinkId);
    }
    sinkId =
        CandlesSink.register(spark, query.tables(), query.counters(), new BatchReporter(started));
    StreamingQuery running =
        query
            .rows(spark, subscribed, offsets, localTasks)
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
  public boolean findNewTopics() {
    if (!isMissingTopics()
        || trigger instanceof BatchTrigger.Once
        || System.nanoTime() - lookedUpAt < lookupInterval()) {
      return false;
    }
    Instant askedAt = Instant.now();
    try {
      List<String> existing = topics.existing();
      if (!subscribed.containsAll(existing)) {
        return true;
      }
      progress.topicsMissing(askedAt);
      if (subscribed.isEmpty()) {
        reportNothingToRead(askedAt);
      }
      return false;
    } catch (StartException e) {
      LOG.debug("Kafka does not say which topics exist", e);
      return false;
    } finally {
      lookedUpAt = System.nanoTime();
    }
  }

  /** Grows with time, because each lookup has a cost and the topic may never be created. */
  private long lookupInterval() {
    long missing = System.nanoTime() - missingSince;
    return Math.max(MIN_LOOKUP_INTERVAL_NANOS, Math.min(missing / 10, MAX_LOOKUP_INTERVAL_NANOS));
  }

  /** Reports the batches of one run, on the thread of the query. */
  private final class BatchReporter implements BatchListener {
    private final CompletableFuture<StreamingQuery> started;
    private long startedAt;

    BatchReporter(CompletableFuture<StreamingQuery> started) {
      this.started = started;
    }

    @Override
    public void onBatchStart() throws InterruptedException {
      barrier.enter(this::isActive);
      startedAt = System.nanoTime();
      query.counters().reset();
    }

    /** The first batch may come before start() has returned; until then the query is active. */
    private boolean isActive() {
      StreamingQuery running = started.getNow(null);
      return running == null || running.isActive();
    }

    @Override
    public void onBatchWritten(long id) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
      observer.onBatchWritten(
          new BatchReport(id, query.counters().value(), millis, System.currentTimeMillis()));
      barrier.leave();
    }

    @Override
    public void onBatchFailed() {
      barrier.leave();
    }
  }

  private Trigger sparkTrigger() {
    if (trigger instanceof BatchTrigger.Every every) {
      return Trigger.ProcessingTime(every.millis());
    }
    if (trigger instanceof BatchTrigger.RealTime) {
      return Trigger.ProcessingTime(FOLD_INTERVAL_MS);
    }
    return Trigger.AvailableNow();
  }
}
