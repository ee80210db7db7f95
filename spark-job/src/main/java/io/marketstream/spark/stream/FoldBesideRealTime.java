package io.marketstream.spark.stream;

import io.marketstream.spark.failure.JobFailedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of both queries of the real-time mode. They start and end together: if one fails, the other
 * is stopped.
 *
 * <p>The supervisor watches the batches of the fold. This class watches the checkpoint intervals of
 * the real-time query, and cancels the tasks of an interval that does not end.
 *
 * <p>Thread-safe, except that only one thread may wait for the end.
 */
final class FoldBesideRealTime implements RunningQuery {
  /** A query that has run for so long does not fail each time. */
  private static final Duration LONG_RUN = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(FoldBesideRealTime.class);

  /** The query that stores in real time. */
  interface RealTimeRun extends RunningQuery {
    /** Returns the id of the last committed interval, or -1 before the first. */
    long committedInterval();

    /** Checks that the last committed interval had a task for each partition. */
    void checkInterval();
  }

  private final RunningQuery fold;
  private final RealTimeRun realTime;
  private final Duration maxInterval;

  private final long startedAt = System.nanoTime();

  private @Nullable RunningQuery failed;
  private long interval = -1;
  private long intervalStart = System.nanoTime();
  private boolean areTasksCancelled;

  /**
   * Creates the run of two queries that have started.
   *
   * @param maxInterval an interval of the real-time query that takes longer is hanging
   */
  FoldBesideRealTime(RunningQuery fold, RealTimeRun realTime, Duration maxInterval) {
    this.fold = fold;
    this.realTime = realTime;
    this.maxInterval = maxInterval;
  }

  @Override
  public boolean awaitTermination(long millis) throws StreamingQueryException {
    endHangingInterval();
    boolean hasEnded = await(realTime, fold, Math.max(1, millis - 1));
    return await(fold, realTime, 1) && hasEnded;
  }

  /** Waits for one of the queries. If it failed, stops the other one first. */
  private boolean await(RunningQuery query, RunningQuery other, long millis)
      throws StreamingQueryException {
    try {
      return query.awaitTermination(millis);
    } catch (StreamingQueryException e) {
      failed = query;
      try {
        other.stop();
      } catch (TimeoutException hanging) {
        e.addSuppressed(hanging);
        throw new JobFailedException(
            "one query failed, and the other could not be stopped ("
                + hanging.getMessage()
                + "): start the job again",
            e);
      }
      throw e;
    }
  }

  private void endHangingInterval() {
    long committed = realTime.committedInterval();
    if (committed != interval) {
      interval = committed;
      intervalStart = System.nanoTime();
      areTasksCancelled = false;
      realTime.checkInterval();
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - intervalStart);
    if (!areTasksCancelled && seconds > maxInterval.toSeconds()) {
      areTasksCancelled = true;
      LOG.warn(
          "the real-time query has not committed its checkpoint for {} s: its tasks are cancelled",
          seconds);
      realTime.cancelTasks();
    } else if (seconds > 2 * maxInterval.toSeconds()) {
      throw new JobFailedException(
          "the real-time query has not committed its checkpoint for "
              + seconds
              + " s, although its tasks were cancelled: start the job again");
    }
  }

  /**
   * Of the query that failed, so that progress of the other one does not hide the failures. The
   * real-time query stores records long before it commits an interval.
   */
  @Override
  public boolean hasMadeProgress() {
    if (failed == null) {
      return fold.hasMadeProgress() && realTime.hasMadeProgress();
    }
    boolean hasRunLong = failed == realTime && System.nanoTime() - startedAt > LONG_RUN.toNanos();
    return hasRunLong || failed.hasMadeProgress();
  }

  @Override
  public boolean isIdle() {
    return fold.isIdle();
  }

  @Override
  public String statusMessage() {
    return fold.statusMessage();
  }

  @Override
  public void cancelTasks() {
    fold.cancelTasks();
  }

  @Override
  public void stop() throws TimeoutException {
    try {
      realTime.stop();
    } finally {
      fold.stop();
    }
  }
}
