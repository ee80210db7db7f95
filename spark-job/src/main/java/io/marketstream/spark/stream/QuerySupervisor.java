package io.marketstream.spark.stream;

import io.marketstream.spark.failure.JobFailedException;
import io.marketstream.spark.failure.StartException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the query running through outages.
 *
 * <p>If the query fails, the supervisor waits until Kafka and Cassandra answer and the checkpoint
 * can be written. Then it restarts the query from its checkpoint. The interrupted batch is
 * repeated, which changes nothing that it has already written. If a restart cannot help, the job
 * ends.
 *
 * <p>If the query hangs in a batch, the supervisor cancels its tasks. If that does not help, or the
 * query hangs between batches, the job ends.
 *
 * <p>{@link #run} is for the main thread. Any thread may call {@link #stop}.
 */
public final class QuerySupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(QuerySupervisor.class);

  /** Starts the query from its checkpoint. */
  public interface Starter {
    /**
     * Starts the query.
     *
     * @throws StartException if Kafka does not say which topics exist
     */
    RunningQuery start() throws TimeoutException;

    /** Returns whether there is a new topic that the running query does not read. */
    boolean findNewTopics();
  }

  /** The systems that the query depends on: Kafka, Cassandra and the checkpoint. */
  public interface Dependencies {
    /**
     * Checks all of them.
     *
     * @throws StartException if one does not answer or cannot be written; the message names it
     */
    void check();
  }

  /** How long to wait for the running batch before a restart that adds a topic. */
  private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(30);

  private final Starter starter;
  private final Dependencies dependencies;
  private final BatchBarrier barrier;
  private final SupervisorTimeouts timeouts;
  private final RestartPolicy restartPolicy;

  private @Nullable RunningQuery
      running; // written under the lock; read by the main thread without it
  private boolean ended;
  private boolean stopping;

  // The last failure.
  private boolean failed;
  private long failedAt;
  private long restartAt;
  private boolean isWaiting;

  // Detection of a query that hangs.
  private long lastActivity;
  private long batchStart;
  private boolean areTasksCancelled;
  private long cancelledAt;

  /**
   * Creates a supervisor.
   *
   * @param barrier the barrier that every batch of the query passes
   */
  public QuerySupervisor(
      Starter starter,
      Dependencies dependencies,
      BatchBarrier barrier,
      SupervisorTimeouts timeouts) {
    this.starter = starter;
    this.dependencies = dependencies;
    this.barrier = barrier;
    this.timeouts = timeouts;
    this.restartPolicy = new RestartPolicy(timeouts);
  }

  /** Starts the query. */
  public void start() throws TimeoutException {
    startUnlessStopping();
  }

  /**
   * Supervises the query until it has ended ({@code --trigger once}) or was stopped.
   *
   * @throws JobFailedException if the query cannot continue
   * @throws StreamingQueryException if the query failed too often
   */
  public void run() throws StreamingQueryException, TimeoutException {
    while (!ended) {
      poll();
    }
  }

  /** Prevents further restarts of the query. */
  public synchronized void stopRestarting() {
    stopping = true;
    notifyAll();
  }

  /** Stops the query, which must not be running a batch. */
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

  private void poll() throws StreamingQueryException, TimeoutException {
    if (failed) {
      restartWhenDue();
      return;
    }
    try {
      ended = running().awaitTermination(timeouts.pollInterval().toMillis());
      if (!ended && starter.findNewTopics() && !isStopping()) {
        stopForNewTopics();
      } else {
        endIfHanging();
      }
    } catch (StreamingQueryException e) {
      if (isStopping()) {
        ended = true;
        return;
      }
      Duration delay = restartPolicy.onFailure(e, running().hasMadeProgress());
      failedAt = System.nanoTime();
      restartAt = failedAt + delay.toNanos();
      failed = true;
    }
  }

  /** Stops the query. The restart, which asks Kafka again, then runs as after a failure. */
  private void stopForNewTopics() throws StreamingQueryException {
    try {
      barrier.closeTemporarilyAndAwait(BATCH_TIMEOUT.toMillis()); // a longer batch is repeated
      running().stop();
      running().awaitTermination(1); // throws if the query had failed before
    } catch (TimeoutException e) {
      throw new JobFailedException(
          "the query could not be stopped to add a topic ("
              + e.getMessage()
              + "): start the job again",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopRestarting();
    } finally {
      barrier.reopen();
    }
    failed = true;
    failedAt = System.nanoTime();
    restartAt = failedAt;
  }

  private void restartWhenDue() throws TimeoutException {
    if (!isStopping() && System.nanoTime() - restartAt < 0) {
      pause(timeouts.pollInterval().toMillis());
      return;
    }
    if (isStopping()) {
      ended = true;
      return;
    }
    try {
      dependencies.check();
      ended = !startUnlessStopping();
      failed = false;
      if (isWaiting) {
        LOG.info("everything answers again after {} s: the job continues", outage().toSeconds());
      }
      isWaiting = false;
    } catch (StartException e) {
      failIfTooLong(e);
      restartAt = System.nanoTime() + timeouts.checkInterval().toNanos();
    }
  }

  private Duration outage() {
    return since(failedAt);
  }

  private void failIfTooLong(StartException failure) {
    if (outage().compareTo(timeouts.maxOutage()) > 0) {
      throw new JobFailedException(
          failure.getMessage()
              + " (for "
              + timeouts.maxOutage().toSeconds()
              + " s: see spark.marketstream.longestOutage)",
          failure);
    }
    if (!isWaiting) {
      LOG.warn("the job waits: {}", failure.getMessage());
      isWaiting = true;
    }
  }

  private void endIfHanging() {
    if (barrier.isBatchRunning()) {
      endHangingBatch();
    } else {
      failIfTriggerHangs();
    }
  }

  /**
   * Cancels the tasks of a batch that hangs. Every request of a task has its own timeout, so a
   * batch hangs only if that timeout fails.
   *
   * @throws JobFailedException if cancelling did not help
   */
  private void endHangingBatch() {
    lastActivity = System.nanoTime();
    long start = barrier.lastStart().orElseThrow();
    if (start != batchStart) {
      batchStart = start;
      areTasksCancelled = false;
    }
    if (since(start).compareTo(timeouts.maxBatch()) <= 0) {
      return;
    }
    if (!areTasksCancelled) {
      areTasksCancelled = true;
      cancelledAt = System.nanoTime();
      LOG.warn(
          "a batch has taken {} s, longer than spark.marketstream.longestBatch: its tasks are"
              + " cancelled",
          since(start).toSeconds());
      running().cancelTasks();
    } else if (since(cancelledAt).compareTo(timeouts.maxBatch()) > 0) {
      throw new JobFailedException(
          "the query has hung in a batch for "
              + since(start).toSeconds()
              + " s, although its tasks were cancelled: start the job again");
    }
  }

  /**
   * Detects a query that hangs between batches. There Spark asks Kafka for offsets and writes to
   * the checkpoint, on the thread of the query. If one of them never answers, nothing can interrupt
   * it.
   *
   * @throws JobFailedException if the query has hung too long
   */
  private void failIfTriggerHangs() {
    OptionalLong start = barrier.lastStart();
    boolean hasStartedOne = start.isPresent() && start.getAsLong() - lastActivity > 0;
    if (ended || hasStartedOne || running().isIdle()) {
      lastActivity = System.nanoTime();
    } else if (since(lastActivity).compareTo(timeouts.maxBatch()) > 0) {
      throw new JobFailedException(
          "the query has hung between two batches for "
              + since(lastActivity).toSeconds()
              + " s, longer than spark.marketstream.longestBatch. Spark says: "
              + running().statusMessage()
              + ". Kafka or the file system of --checkpoint does not answer: start the job again");
    }
  }

  private boolean startUnlessStopping() throws TimeoutException {
    if (isStopping()) {
      return false;
    }
    RunningQuery next = starter.start(); // not under the lock, because it waits for Kafka
    synchronized (this) {
      running = next;
      lastActivity = System.nanoTime();
      if (!stopping) {
        return true;
      }
    }
    next.stop();
    return false;
  }

  private RunningQuery running() {
    return Objects.requireNonNull(running, "the query was not started");
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
