package io.marketstream.spark.stream;

import io.marketstream.spark.JobFailure;
import io.marketstream.spark.StartException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the query running over an outage. A query that fails is started again from its checkpoint,
 * once Kafka and Cassandra answer and the checkpoint takes files: the batch that was cut off is
 * repeated, which changes nothing that it had written. What a repetition cannot mend ends the job.
 * A query that hangs, in whichever part of a trigger, is cut off, or the job ends.
 *
 * <p>{@link #run} belongs to the main thread; {@link #stop} may come from any.
 */
public final class QuerySupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(QuerySupervisor.class);

  /** Starts the query from its checkpoint. */
  public interface Starter {
    /**
     * @throws StartException if Kafka does not say which topics there are
     */
    RunningQuery start() throws TimeoutException;

    /** Whether a topic has come that the running query does not read. */
    boolean findsMoreTopics();
  }

  /** Kafka, Cassandra and the checkpoint. */
  public interface Stores {
    /**
     * Asks each.
     *
     * @throws StartException saying who does not answer, or takes nothing
     */
    void check();
  }

  /**
   * How long things may take.
   *
   * @param lookAgain from one look at the query to the next
   * @param longestOutage how long Kafka or Cassandra may be away, or refuse what the query asks, or
   *     a disk be full
   * @param askAgain how long to wait before the next question to what is away
   * @param longestBatch after this long a batch is taken for one that hangs; as long after its
   *     tasks were cancelled in vain the job ends
   * @param firstPause between a failure and the next start; doubled with each failure in a row
   */
  public record Patience(
      Duration lookAgain,
      Duration longestOutage,
      Duration askAgain,
      Duration longestBatch,
      Duration firstPause) {}

  /** Beyond most batches. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private final Starter starter;
  private final Stores stores;
  private final BatchGate gate;
  private final Patience patience;
  private final FailureStreak failures;

  private RunningQuery running; // written under the lock; read by the main thread without it
  private boolean ended;
  private boolean stopping;

  // Of the newest failure.
  private boolean failed;
  private long failedAt;
  private long startsAgainAt;
  private boolean waits;

  // Of the look for what hangs.
  private long lastSign;
  private long batch;
  private boolean areTasksCancelled;
  private long cancelledAt;

  /**
   * @param gate what every batch of the query passes
   */
  public QuerySupervisor(Starter starter, Stores stores, BatchGate gate, Patience patience) {
    this.starter = starter;
    this.stores = stores;
    this.gate = gate;
    this.patience = patience;
    this.failures = new FailureStreak(patience);
  }

  /** Starts the query. */
  public void start() throws TimeoutException {
    startAgain();
  }

  /**
   * Returns when the query has ended by itself ({@code --trigger once}) or was stopped.
   *
   * @throws JobFailure if the query cannot go on, with what to do about it
   * @throws StreamingQueryException if the query fails again and again
   */
  public void run() throws StreamingQueryException, TimeoutException {
    while (!ended) {
      look();
    }
  }

  /** From now on the query is not started again. */
  public synchronized void stopRestarting() {
    stopping = true;
    notifyAll();
  }

  /** Stops the query, which must not be in the middle of a batch. */
  public void stop() throws TimeoutException {
    stopRestarting();
    RunningQuery last;
    synchronized (this) {
      last = running;
    }
    if (last != null) {
      last.stop();
    }
  }

  private void look() throws StreamingQueryException, TimeoutException {
    if (failed) {
      startAgainInTime();
      return;
    }
    try {
      ended = running.awaitTermination(patience.lookAgain.toMillis());
      if (!ended && starter.findsMoreTopics() && !isStopping()) {
        stopForMoreTopics();
      } else {
        endWhatHangs();
      }
    } catch (StreamingQueryException e) {
      if (isStopping()) {
        ended = true;
        return;
      }
      Duration rest = failures.add(e, running.hasWorked());
      failedAt = System.nanoTime();
      startsAgainAt = failedAt + rest.toNanos();
      failed = true;
    }
  }

  /** The start, which has to ask Kafka again, then comes as after a failure. */
  private void stopForMoreTopics() throws StreamingQueryException {
    try {
      gate.holdAndAwait(LONGEST_STOP.toMillis()); // a batch that takes longer is repeated
      running.stop();
      running.awaitTermination(1); // throws if it had failed by itself
    } catch (TimeoutException e) {
      throw new JobFailure(
          "the query could not be stopped to read another topic ("
              + e.getMessage()
              + "): start the job again",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopRestarting();
    } finally {
      gate.release();
    }
    failed = true;
    failedAt = System.nanoTime();
    startsAgainAt = failedAt;
  }

  private void startAgainInTime() throws TimeoutException {
    if (!isStopping() && System.nanoTime() - startsAgainAt < 0) {
      pause(patience.lookAgain.toMillis());
      return;
    }
    if (isStopping()) {
      ended = true;
      return;
    }
    try {
      stores.check();
      ended = !startAgain();
      failed = false;
      if (waits) {
        LOG.info("everything answers again after {} s: the job goes on", away().toSeconds());
      }
      waits = false;
    } catch (StartException e) {
      endIfTooLong(e);
      startsAgainAt = System.nanoTime() + patience.askAgain().toNanos();
    }
  }

  private Duration away() {
    return since(failedAt);
  }

  private void endIfTooLong(StartException away) {
    if (away().compareTo(patience.longestOutage()) > 0) {
      throw new JobFailure(
          away.getMessage()
              + " (for "
              + patience.longestOutage().toSeconds()
              + " s: see spark.marketstream.longestOutage)",
          away);
    }
    if (!waits) {
      LOG.warn("the job waits: {}", away.getMessage());
      waits = true;
    }
  }

  private void endWhatHangs() {
    if (gate.isBatchRunning()) {
      endHangingBatch();
    } else {
      endHangingTrigger();
    }
  }

  /**
   * Every request of a task has a time of its own, so a batch hangs only where that fails too.
   * First its tasks are cancelled, then the job ends.
   *
   * @throws JobFailure if the first did not help
   */
  private void endHangingBatch() {
    lastSign = System.nanoTime();
    long begin = gate.newestBatch().orElseThrow();
    if (begin != batch) {
      batch = begin;
      areTasksCancelled = false;
    }
    if (since(begin).compareTo(patience.longestBatch()) <= 0) {
      return;
    }
    if (!areTasksCancelled) {
      areTasksCancelled = true;
      cancelledAt = System.nanoTime();
      LOG.warn(
          "one batch has taken {} s, longer than spark.marketstream.longestBatch: its tasks are"
              + " cancelled",
          since(begin).toSeconds());
      running.cancelTasks();
    } else if (since(cancelledAt).compareTo(patience.longestBatch()) > 0) {
      throw new JobFailure(
          "the query has hung in one batch for "
              + since(begin).toSeconds()
              + " s, though its tasks were cancelled: start the job again");
    }
  }

  /**
   * Before and after a batch Spark asks Kafka for offsets and writes to the checkpoint, on the
   * thread of the query. A store that never answers holds it there, where nothing can cut it off.
   *
   * @throws JobFailure if the query has been there for too long
   */
  private void endHangingTrigger() {
    OptionalLong newest = gate.newestBatch();
    boolean hasBegunOne = newest.isPresent() && newest.getAsLong() - lastSign > 0;
    if (ended || hasBegunOne || running.isResting()) {
      lastSign = System.nanoTime();
    } else if (since(lastSign).compareTo(patience.longestBatch()) > 0) {
      throw new JobFailure(
          "the query has hung between two batches for "
              + since(lastSign).toSeconds()
              + " s, longer than spark.marketstream.longestBatch, while Spark said: "
              + running.doing()
              + ". Kafka or the file system of --checkpoint does not answer: start the job again");
    }
  }

  private boolean startAgain() throws TimeoutException {
    if (isStopping()) {
      return false;
    }
    RunningQuery next = starter.start(); // asks Kafka: nobody is to wait for that
    synchronized (this) {
      running = next;
      lastSign = System.nanoTime();
      if (!stopping) {
        return true;
      }
    }
    next.stop();
    return false;
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
