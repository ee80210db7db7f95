package io.marketstream.feed.ledger;

import java.util.Comparator;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The batches that {@code poll} has returned and the broker has not acknowledged yet. The task
 * thread opens batches. Any thread acknowledges their records.
 *
 * <p>Acknowledged batches are removed in any order. So a batch that is not acknowledged for a long
 * time does not keep the others in memory.
 */
public final class InFlightBatches {

  /** The records of one {@code poll}. */
  public static final class Batch {
    private final long oldest;
    private final long number;
    private final Queue<Batch> acknowledged;
    private final AtomicInteger unacknowledged;

    private Batch(long oldest, long number, int records, Queue<Batch> acknowledged) {
      this.oldest = oldest;
      this.number = number;
      this.unacknowledged = new AtomicInteger(records);
      this.acknowledged = acknowledged;
    }

    /**
     * A record of the batch was acknowledged, filtered out, or skipped by the worker's error
     * policy.
     */
    public void acknowledge() {
      if (unacknowledged.decrementAndGet() == 0) {
        acknowledged.add(this);
      }
    }
  }

  private final Queue<Batch> acknowledged = new ConcurrentLinkedQueue<>();
  private final TreeSet<Batch> inFlight =
      new TreeSet<>(
          Comparator.comparingLong((Batch batch) -> batch.oldest)
              .thenComparingLong(batch -> batch.number));
  private long opened;

  /**
   * Opens the batch that {@code poll} is about to return.
   *
   * @param oldest the oldest time of its records, in epoch ms
   * @param records the number of records, at least 1
   */
  public Batch open(long oldest, int records) {
    Batch batch = new Batch(oldest, opened++, records, acknowledged);
    inFlight.add(batch);
    return batch;
  }

  /**
   * The time before which everything that poll has returned is acknowledged, in epoch ms;
   * Long.MAX_VALUE if nothing is in flight. Called on the task thread.
   */
  public long safeUntil() {
    removeAcknowledged();
    return inFlight.isEmpty() ? Long.MAX_VALUE : inFlight.first().oldest;
  }

  /** The number of batches that are not acknowledged yet. Called on the task thread. */
  public int size() {
    removeAcknowledged();
    return inFlight.size();
  }

  private void removeAcknowledged() {
    for (Batch batch = acknowledged.poll(); batch != null; batch = acknowledged.poll()) {
      inFlight.remove(batch);
    }
  }
}
