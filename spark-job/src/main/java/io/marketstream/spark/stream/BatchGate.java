package io.marketstream.spark.stream;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lets batches start until the job is told to end. A batch that comes to a closed gate has written
 * nothing, and the batch before it is committed: there the query can be stopped without undoing or
 * repeating anything.
 *
 * <p>Thread-safe: the query passes on its own thread, a shutdown closes from another.
 */
public final class BatchGate {
  private static final long POLL_MS = 20;

  private boolean isRunning;
  private boolean hasEntered;
  private long entered;
  private boolean closed;
  private boolean held;

  /**
   * Called before a batch writes anything. Once the gate is closed it does not let pass any more,
   * and ends the query's thread as soon as the query is stopped.
   *
   * @param active whether the query has not been stopped yet
   * @throws InterruptedException when the query is stopped: what Spark takes for an orderly end
   */
  void enter(BooleanSupplier active) throws InterruptedException {
    synchronized (this) {
      if (!closed && !held) {
        isRunning = true;
        hasEntered = true;
        entered = System.nanoTime();
        return;
      }
    }
    // Asked again and again: Spark interrupts only once, and Hadoop may have swallowed it already.
    while (active.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    throw new InterruptedException("the query is stopped");
  }

  /** Called when a batch has written everything, or failed. */
  synchronized void leave() {
    isRunning = false;
    notifyAll();
  }

  /** When the newest batch began, as {@link System#nanoTime()} tells; empty before the first. */
  synchronized OptionalLong newestBatch() {
    return hasEntered ? OptionalLong.of(entered) : OptionalLong.empty();
  }

  /** Whether the query is in the middle of a batch. */
  synchronized boolean isBatchRunning() {
    return isRunning;
  }

  /**
   * Closes the gate and waits for the batch behind it.
   *
   * @return whether it ended within the time
   */
  public synchronized boolean closeAndAwait(long millis) throws InterruptedException {
    closed = true;
    return await(millis);
  }

  /**
   * As {@link #closeAndAwait}, until {@link #release}. The query must be stopped meanwhile: a batch
   * that has come to the gate does not go on.
   */
  synchronized boolean holdAndAwait(long millis) throws InterruptedException {
    held = true;
    return await(millis);
  }

  /** Lets the batches of another run pass. */
  synchronized void release() {
    held = false;
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
