package io.marketstream.spark.stream;

import io.marketstream.spark.JobFailure;
import io.marketstream.spark.StartException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the queries running over an outage. A query that fails is started again from its
 * checkpoint, once Kafka and Cassandra answer and the checkpoint takes files: the batch that was
 * cut off is repeated, which changes nothing that it had written. What a repetition cannot mend
 * ends the job.
 *
 * <p>{@link #run} belongs to the main thread; {@link #stop} may come from any.
 */
public final class QuerySupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(QuerySupervisor.class);

  /** Starts a query from its checkpoint. */
  public interface Starter {
    RunningQuery start(MarketQuery query) throws TimeoutException;
  }

  /** Kafka, Cassandra and the checkpoint. */
  public interface Stores {
    /**
     * Asks each.
     *
     * @throws StartException saying who does not answer, or takes nothing
     */
    void check();

    /** Whether the session with Cassandra that all batches share still does what they wait for. */
    boolean refreshes();

    /**
     * Ends the session with Cassandra that all batches share; who waits on it gets an exception.
     */
    void reconnect();
  }

  /**
   * How long things may take.
   *
   * @param lookAgain how long one query is watched before the next
   * @param longestOutage how long Kafka or Cassandra may be away, or refuse what a query asks, or a
   *     disk be full
   * @param askAgain how long to wait before the next question to what is away
   * @param askAfter a batch that takes longer has its session asked, and again after as long
   * @param longestBatch after this long a batch is taken for one that hangs, whatever was answered;
   *     as long after its tasks were cancelled in vain the job ends
   * @param firstPause between a failure and the next start; doubled with each failure in a row
   */
  public record Patience(
      Duration lookAgain,
      Duration longestOutage,
      Duration askAgain,
      Duration askAfter,
      Duration longestBatch,
      Duration firstPause) {}

  private static final class Supervised {
    private final MarketQuery query;
    private final FailureStreak failures;
    private RunningQuery running;
    private boolean ended;
    private boolean failed;
    private long startsAgainAt;
    private long failedAt;
    private boolean waits;
    private long lastSign;
    private long batch;
    private long askedAt;
    private boolean isCutOff;
    private boolean areTasksCancelled;
    private long cancelledAt;

    Supervised(MarketQuery query, FailureStreak failures) {
      this.query = query;
      this.failures = failures;
    }
  }

  private final List<Supervised> queries = new ArrayList<>();
  private final Starter starter;
  private final Stores stores;
  private final BatchGate gate;
  private final Patience patience;
  private long reconnectedAt = System.nanoTime();
  private boolean stopping;

  /**
   * @param gate what every batch of the queries passes
   */
  public QuerySupervisor(
      List<MarketQuery> queries,
      Starter starter,
      Stores stores,
      BatchGate gate,
      Patience patience) {
    queries.forEach(
        query ->
            this.queries.add(new Supervised(query, new FailureStreak(query.name(), patience))));
    this.starter = starter;
    this.stores = stores;
    this.gate = gate;
    this.patience = patience;
  }

  /** Starts all queries. */
  public void start() throws TimeoutException {
    for (Supervised query : queries) {
      startAgain(query);
    }
  }

  /**
   * Returns when every query has ended by itself ({@code --trigger once}) or was stopped.
   *
   * @throws JobFailure if a query cannot go on, with what to do about it
   * @throws StreamingQueryException if a query fails again and again
   */
  public void run() throws StreamingQueryException, TimeoutException {
    while (queries.stream().anyMatch(query -> !query.ended)) {
      for (Supervised query : queries) {
        if (!query.ended) {
          look(query);
        }
      }
    }
  }

  /** From now on no query is started again. */
  public synchronized void stopRestarting() {
    stopping = true;
    notifyAll();
  }

  /** Stops the queries, which must not be in the middle of a batch. */
  public void stop() throws TimeoutException {
    stopRestarting();
    for (Supervised query : queries) {
      query.running.stop();
    }
  }

  private void look(Supervised query) throws StreamingQueryException, TimeoutException {
    if (query.failed) {
      startAgainInTime(query);
      return;
    }
    try {
      query.ended = query.running.awaitTermination(patience.lookAgain.toMillis());
      endHangingBatch(query);
    } catch (StreamingQueryException e) {
      if (isStopping()) {
        query.ended = true;
        return;
      }
      Duration rest = query.failures.add(e, query.running.hasWorked());
      query.failedAt = System.nanoTime();
      query.startsAgainAt = query.failedAt + rest.toNanos();
      query.failed = true;
      if (FailureStreak.isOfCassandra(e) && !isOfTheSessionBefore(query)) {
        reconnect();
      }
    }
  }

  private void startAgainInTime(Supervised query) throws TimeoutException {
    if (!isStopping() && System.nanoTime() - query.startsAgainAt < 0) {
      pause(patience.lookAgain.toMillis()); // the other query is looked after meanwhile
      return;
    }
    if (isStopping() || everythingAnswers(query)) {
      query.ended = !startAgain(query);
      query.failed = false;
    } else {
      query.startsAgainAt = System.nanoTime() + patience.askAgain().toNanos();
    }
  }

  /**
   * A driver may lose a request at the wrong moment of an outage and wait for its answer for ever.
   * The measures go from the mildest to the harshest, {@code askAfter} apart at least: the end of
   * the shared session, then of the batch's tasks, then of the job.
   *
   * @throws JobFailure if neither of the first two helped
   */
  private void endHangingBatch(Supervised query) {
    String name = query.query.name();
    if (!gate.isRunning(name)) {
      endHangingTrigger(query);
      return;
    }
    query.lastSign = System.nanoTime();
    long begin = gate.newestBatch(name).orElseThrow();
    if (begin != query.batch) {
      query.batch = begin;
      query.askedAt = begin;
      query.isCutOff = false;
      query.areTasksCancelled = false;
    }
    if (since(query.askedAt).compareTo(patience.askAfter()) < 0) {
      return;
    }
    query.askedAt = System.nanoTime();
    boolean tooLong = since(begin).compareTo(patience.longestBatch()) > 0;
    if (!query.isCutOff) {
      if (tooLong || !stores.refreshes()) {
        query.isCutOff = true;
        LOG.warn(
            "query={} has worked on one batch for {} s, {}: it is cut off by ending the session with"
                + " Cassandra",
            name,
            since(begin).toSeconds(),
            tooLong ? "longer than spark.marketstream.longestBatch" : "and the session hangs");
        reconnect();
      }
    } else if (!query.areTasksCancelled) {
      if (tooLong) {
        // An executor has its own session with Cassandra, and waits for its own answers.
        query.areTasksCancelled = true;
        query.cancelledAt = System.nanoTime();
        LOG.warn(
            "query={} still works on one batch after {} s, longer than"
                + " spark.marketstream.longestBatch: its tasks are cancelled",
            name,
            since(begin).toSeconds());
        query.running.cancelTasks();
      }
    } else if (since(query.cancelledAt).compareTo(patience.longestBatch()) > 0) {
      throw new JobFailure(
          "query "
              + name
              + " has hung in one batch for "
              + since(begin).toSeconds()
              + " s, though its session with Cassandra was ended and its tasks were cancelled: start"
              + " the job again");
    }
  }

  /**
   * Before and after a batch Spark asks Kafka for offsets and writes to the checkpoint, on the
   * thread of the query. A store that never answers holds it there, where nothing can cut it off.
   *
   * @throws JobFailure if the query has been there for too long
   */
  private void endHangingTrigger(Supervised query) {
    OptionalLong batch = gate.newestBatch(query.query.name());
    boolean hasBegunOne = batch.isPresent() && batch.getAsLong() - query.lastSign > 0;
    if (query.ended || hasBegunOne || query.running.isResting()) {
      query.lastSign = System.nanoTime();
    } else if (since(query.lastSign).compareTo(patience.longestBatch()) > 0) {
      throw new JobFailure(
          "query "
              + query.query.name()
              + " has hung between two batches for "
              + since(query.lastSign).toSeconds()
              + " s, longer than spark.marketstream.longestBatch, while Spark said: "
              + query.running.doing()
              + ". Kafka or the file system of --checkpoint does not answer: start the job again");
    }
  }

  private void reconnect() {
    reconnectedAt = System.nanoTime();
    stores.reconnect();
  }

  /** Its batch failed because a session was ended for another query's sake: once is enough. */
  private boolean isOfTheSessionBefore(Supervised query) {
    OptionalLong batch = gate.newestBatch(query.query.name());
    return batch.isPresent() && batch.getAsLong() - reconnectedAt < 0;
  }

  /**
   * Asks the stores once.
   *
   * @throws JobFailure if they have been away for too long
   */
  private boolean everythingAnswers(Supervised query) {
    Duration away = since(query.failedAt);
    try {
      stores.check();
    } catch (StartException e) {
      if (away.compareTo(patience.longestOutage()) > 0) {
        throw new JobFailure(
            e.getMessage()
                + " (for "
                + patience.longestOutage().toSeconds()
                + " s: see spark.marketstream.longestOutage)",
            e);
      }
      if (!query.waits) {
        LOG.warn("query={} waits: {}", query.query.name(), e.getMessage());
        query.waits = true;
      }
      return false;
    }
    if (query.waits) {
      LOG.info(
          "everything answers again after {} s: query={} goes on",
          away.toSeconds(),
          query.query.name());
    }
    query.waits = false;
    return true;
  }

  private synchronized boolean startAgain(Supervised query) throws TimeoutException {
    if (stopping) {
      return false;
    }
    query.running = starter.start(query.query);
    query.lastSign = System.nanoTime();
    return true;
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private synchronized void pause(long millis) {
    try {
      if (!stopping) {
        TimeUnit.MILLISECONDS.timedWait(this, millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }
}
