package io.marketstream.spark.stream;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Stops the query between two batches. Every batch passes the barrier until the barrier is closed.
 *
 * <p>A batch at a closed barrier has written nothing, and the batch before it is committed. The
 * query can be stopped there without repeating anything.
 *
 * <p>Thread-safe: batches pass it on the query's thread, and a shutdown closes it on another.
 */
public final class BatchBarrier {
  private static final long POLL_MS = 20;

  private boolean isRunning;
  private boolean hasStarted;
  private long startedAt;
  private boolean closed;
  private boolean closedTemporarily;

  /**
   * Passes the barrier. A batch must call this before it writes anything. If the barrier is closed,
   * waits until the query is stopped and then ends its thread.
   *
   * @param active whether the query has not been stopped yet
   * @throws InterruptedException when the query is stopped; Spark treats this as a normal end
   */
  void enter(BooleanSupplier active) throws InterruptedException {
    synchronized (this) {
      if (!closed && !closedTemporarily) {
        isRunning = true;
        hasStarted = true;
        startedAt = System.nanoTime();
        return;
      }
    }
    // Polled, because Spark interrupts only once and Hadoop may have caught that interrupt.
    while (active.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    throw new InterruptedException("the query is stopped");
  }

  /** Notes that the batch has written everything or has failed. */
  synchronized void leave() {
    isRunning = false;
    notifyAll();
  }

  /** Returns when the last batch started, by {@link System#nanoTime()}; empty before the first. */
  synchronized OptionalLong lastStart() {
    return hasStarted ? OptionalLong.of(startedAt) : OptionalLong.empty();
  }

  /** Returns whether a batch is running. */
  synchronized boolean isBatchRunning() {
    return isRunning;
  }

  /**
   * Closes the barrier and waits for the running batch.
   *
   * @return whether the batch ended within the time
   */
  public synchronized boolean closeAndAwait(long millis) throws InterruptedException {
    closed = true;
    return await(millis);
  }

  /**
   * Closes the barrier until {@link #reopen} and waits for the running batch. The query must be
   * stopped meanwhile, because a batch that waits at the barrier does not continue.
   */
  synchronized boolean closeTemporarilyAndAwait(long millis) throws InterruptedException {
    closedTemporarily = true;
    return await(millis);
  }

  /** Lets the batches of the next run pass. */
  synchronized void reopen() {
    closedTemporarily = false;
  }

  private boolean await(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (isRunning) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
