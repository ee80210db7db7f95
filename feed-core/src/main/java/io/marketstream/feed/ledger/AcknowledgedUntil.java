package io.marketstream.feed.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The time before which everything returned by {@code poll} has been acknowledged by the broker.
 * Batches are opened on the task thread and acknowledged, record by record, on any thread.
 */
public final class AcknowledgedUntil {

  /** The records of one {@code poll}. */
  public static final class Batch {
    private final long oldest;
    private final AtomicInteger unacknowledged;

    private Batch(long oldest, int records) {
      this.oldest = oldest;
      this.unacknowledged = new AtomicInteger(records);
    }

    /**
     * One record of the batch was acknowledged, filtered out or given up by the framework's error
     * policy.
     */
    public void acknowledge() {
      unacknowledged.decrementAndGet();
    }
  }

  private final Deque<Batch> inFlight = new ArrayDeque<>();

  /**
   * Opens the batch that {@code poll} is about to return.
   *
   * @param oldest epoch ms, the oldest time of its records
   */
  public Batch open(long oldest, int records) {
    Batch batch = new Batch(oldest, records);
    inFlight.addLast(batch);
    return batch;
  }

  /**
   * Epoch ms before which everything returned so far has been acknowledged; Long.MAX_VALUE if
   * nothing is in flight.
   */
  public long safeUntil() {
    while (!inFlight.isEmpty() && inFlight.peekFirst().unacknowledged.get() <= 0) {
      inFlight.removeFirst();
    }
    long oldest = Long.MAX_VALUE;
    for (Batch batch : inFlight) {
      if (batch.unacknowledged.get() > 0) {
        oldest = Math.min(oldest, batch.oldest);
      }
    }
    return oldest;
  }
}
