package io.marketstream.spark.stream;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Lets batches start until the job is told to end. A batch that comes to a closed gate has written
 * nothing, and the batch before it is committed: there the query can be stopped without undoing or
 * repeating anything.
 *
 * <p>Thread-safe: each query passes on its own thread, a shutdown closes from another.
 */
public final class BatchGate {
  private final Set<String> running = new HashSet<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private boolean closed;

  /** Called before a batch writes anything. Does not return once the gate is closed. */
  void enter(String query) throws InterruptedException {
    synchronized (this) {
      if (!closed) {
        running.add(query);
        return;
      }
    }
    // Stopping the query interrupts its thread here.
    never.await();
  }

  /** Called when a batch has written everything, or failed. */
  synchronized void leave(String query) {
    running.remove(query);
    notifyAll();
  }

  /**
   * Closes the gate and waits for the batches behind it.
   *
   * @return whether all of them ended within the time
   */
  public synchronized boolean closeAndAwait(long millis) throws InterruptedException {
    closed = true;
    long end = System.nanoTime() + millis * 1_000_000;
    while (!running.isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
