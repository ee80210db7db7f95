package io.marketstream.feed.ledger;

import java.util.Comparator;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The time before which everything returned by {@code poll} has been acknowledged by the broker.
 * Batches are opened on the task thread and acknowledged, record by record, on any thread.
 *
 * <p>Only batches that are not acknowledged are kept, in the order of their oldest record: a batch
 * that hangs for long makes neither the others stay nor the answer slower.
 */
public final class AcknowledgedUntil {

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
     * One record of the batch was acknowledged, filtered out or given up by the framework's error
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
   * @param oldest epoch ms, the oldest time of its records
   * @param records how many there are, at least 1
   */
  public Batch open(long oldest, int records) {
    Batch batch = new Batch(oldest, opened++, records, acknowledged);
    inFlight.add(batch);
    return batch;
  }

  /**
   * Epoch ms before which everything returned so far has been acknowledged; Long.MAX_VALUE if
   * nothing is in flight. Called on the task thread.
   */
  public long safeUntil() {
    removeAcknowledged();
    return inFlight.isEmpty() ? Long.MAX_VALUE : inFlight.first().oldest;
  }

  /** How many batches are not acknowledged yet. Called on the task thread. */
  public int inFlight() {
    removeAcknowledged();
    return inFlight.size();
  }

  private void removeAcknowledged() {
    for (Batch batch = acknowledged.poll(); batch != null; batch = acknowledged.poll()) {
      inFlight.remove(batch);
    }
  }
}
