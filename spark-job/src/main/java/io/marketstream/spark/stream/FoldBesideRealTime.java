package io.marketstream.spark.stream;

import io.marketstream.spark.failure.JobFailedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
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
  /** A query that has run for so long without hanging has worked. */
  private static final Duration LONG_RUN = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(FoldBesideRealTime.class);

  /** The checkpoint intervals of the real-time query. */
  interface Intervals {
    /** Returns the id of the last committed interval, or -1 before the first. */
    long committed();

    /** Checks that the last committed interval read each partition. */
    void check();
  }

  private final RunningQuery fold;
  private final RunningQuery realTime;
  private final Intervals intervals;
  private final Duration maxInterval;
  private final LongSupplier nanoTime;
  private final long startedAt;

  private @Nullable RunningQuery failed;
  private long interval = -1;
  private long intervalStart;
  private boolean areTasksCancelled;

  /**
   * Creates the run of two queries that have started.
   *
   * @param intervals of the real-time query
   * @param maxInterval an interval that takes longer is hanging
   * @param nanoTime as {@link System#nanoTime}
   */
  FoldBesideRealTime(
      RunningQuery fold,
      RunningQuery realTime,
      Intervals intervals,
      Duration maxInterval,
      LongSupplier nanoTime) {
    this.fold = fold;
    this.realTime = realTime;
    this.intervals = intervals;
    this.maxInterval = maxInterval;
    this.nanoTime = nanoTime;
    this.startedAt = nanoTime.getAsLong();
    this.intervalStart = startedAt;
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
    long committed = intervals.committed();
    if (committed != interval) {
      interval = committed;
      intervalStart = nanoTime.getAsLong();
      areTasksCancelled = false;
      intervals.check();
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - intervalStart);
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
   * real-time query stores records long before it commits an interval, unless it hangs.
   */
  @Override
  public boolean hasMadeProgress() {
    if (failed == null) {
      return fold.hasMadeProgress() && realTime.hasMadeProgress();
    }
    boolean hasRunLong =
        failed == realTime
            && !areTasksCancelled
            && nanoTime.getAsLong() - startedAt > LONG_RUN.toNanos();
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
