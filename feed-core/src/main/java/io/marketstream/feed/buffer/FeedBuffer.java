package io.marketstream.feed.buffer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between the socket thread and the task thread. Its threading contract is:
 *
 * <ul>
 *   <li>One socket thread at a time calls {@link #awaitRoom}, then {@link #put}. Only {@code
 *       awaitRoom} waits, and only with {@link OverflowPolicy#BLOCK} or if there is no tick to
 *       drop. {@code put} takes a whole frame and never waits, so the buffer can exceed its
 *       capacity by one frame.
 *   <li>The session's scheduler may {@code put} gap records and call {@link #fail} and {@link
 *       #whenHalfEmpty} at any time.
 *   <li>Only the task thread calls {@link #drain}. Entries come out in the order in which they went
 *       in. A failure is thrown when the buffer is empty, and at every later call.
 *   <li>A drain soon after the last one waits until more entries have gathered. After a pause it
 *       returns the first entries at once.
 *   <li>{@link #close} wakes every waiter, on any thread. The gap of the next start covers what is
 *       still buffered then.
 * </ul>
 *
 * <p>Ticks and rejects use capacity, gaps do not. Only ticks are dropped. The cost of an operation
 * does not depend on how much is buffered.
 */
public final class FeedBuffer implements AutoCloseable {

  private final int capacity;
  private final OverflowPolicy policy;
  private final long gatherNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final EntryQueue entries = new EntryQueue();
  private final OverflowEpisode overflow = new OverflowEpisode();
  private int weight;
  private long droppedTotal;
  private @Nullable ConnectException failure;
  private @Nullable Runnable halfEmptyListener;
  private boolean closed;
  private long drainedNanos;

  /**
   * @param capacity in ticks, at least 1
   * @param gather the minimum time between two drains, unless the buffer is more than half full
   */
  public FeedBuffer(int capacity, OverflowPolicy policy, Duration gather) {
    this.capacity = capacity;
    this.policy = policy;
    this.gatherNanos = gather.toNanos();
    this.drainedNanos = System.nanoTime() - gatherNanos;
  }

  /**
   * The result of {@link #drain}.
   *
   * @param oldestUnrecordedDrop epoch ms of the oldest dropped tick that no gap record covers yet;
   *     Long.MAX_VALUE if there is none
   * @param drops the first drop of each symbol and session since its last gap record. Each appears
   *     in one result only, that of the next drain
   */
  public record Drained(List<BufferEntry> entries, long oldestUnrecordedDrop, List<Drop> drops) {}

  /** The first dropped tick of a symbol in a session. */
  public record Drop(String symbol, long session, long firstMissing) {}

  /**
   * Waits until there is room for a frame.
   *
   * @return whether there is room; false after {@code timeout}, or if the buffer was closed
   */
  public boolean awaitRoom(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = timeout.toNanos();
      while (weight >= capacity && !canDrop() && !closed) {
        if (remaining <= 0) {
          return false;
        }
        remaining = changed.awaitNanos(remaining);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean canDrop() {
    return policy == OverflowPolicy.DROP_OLDEST && entries.hasTicks();
  }

  /**
   * Adds the entries of one frame. If the policy says so, it drops the oldest ticks to make room.
   */
  public void put(List<? extends BufferEntry> frame) {
    if (frame.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (closed) {
        return;
      }
      boolean wasEmpty = entries.isEmpty();
      for (BufferEntry entry : frame) {
        entries.add(entry);
        weight += entry.weight();
      }
      if (policy == OverflowPolicy.DROP_OLDEST && weight > capacity) {
        dropOldest();
      }
      if (wasEmpty || weight > capacity / 2) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void dropOldest() {
    while (weight > capacity && entries.hasTicks()) {
      BufferEntry.Tick dropped = entries.removeOldestTick();
      overflow.dropped(dropped.tick());
      weight -= dropped.weight();
      droppedTotal++;
    }
  }

  /**
   * Removes up to {@code max} entries. It waits for the first entry, and then for more if the last
   * drain was not long ago.
   *
   * @param timeout the maximum wait
   * @return the entries, and what was dropped. There are no entries if none came in time or the
   *     buffer was closed
   * @throws ConnectException the argument of {@link #fail}, once the buffer is empty
   */
  public Drained drain(int max, Duration timeout) throws InterruptedException {
    Runnable listener = null;
    Drained drained;
    lock.lockInterruptibly();
    try {
      long remaining = timeout.toNanos();
      while (entries.isEmpty()
          && overflow.isEmpty()
          && failure == null
          && !closed
          && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      remaining = Math.min(remaining, drainedNanos + gatherNanos - System.nanoTime());
      while (weight <= capacity / 2 && failure == null && !closed && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      List<Drop> drops = overflow.takeNewDrops(); // before the entries below can end the episode
      List<BufferEntry> taken = take(max);
      if (weight <= capacity / 2) {
        if (!overflow.isEmpty()) {
          taken.addAll(overflow.end());
        }
        listener = halfEmptyListener;
        halfEmptyListener = null;
      }
      if (taken.isEmpty() && failure != null) {
        throw failure;
      }
      drained = new Drained(taken, overflow.oldest(), drops);
      if (!taken.isEmpty()) {
        drainedNanos = System.nanoTime();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (listener != null) {
      listener.run();
    }
    return drained;
  }

  private List<BufferEntry> take(int max) {
    int count = Math.min(max, entries.size());
    List<BufferEntry> taken = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      BufferEntry entry = entries.remove();
      weight -= entry.weight();
      if (entry instanceof BufferEntry.Gap open && open.gap().isOpen()) {
        // An offset holds one gap per symbol, so the record of the drops must come first.
        taken.addAll(overflow.end());
      }
      taken.add(entry);
    }
    return taken;
  }

  /**
   * Makes {@link #drain} throw the failure once the buffer is empty. Later calls have no effect.
   */
  public void fail(ConnectException cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs {@code listener} once, as soon as the buffer is at most half full: now, or later on the
   * task thread.
   */
  public void whenHalfEmpty(Runnable listener) {
    lock.lock();
    try {
      if (weight > capacity / 2) {
        halfEmptyListener = listener;
        return;
      }
    } finally {
      lock.unlock();
    }
    listener.run();
  }

  /** Whether the buffer is at most half full. */
  public boolean isHalfEmpty() {
    return size() <= capacity / 2;
  }

  /** What happens when the buffer is full. */
  public OverflowPolicy policy() {
    return policy;
  }

  /** How full the buffer is, in ticks. */
  public int size() {
    lock.lock();
    try {
      return weight;
    } finally {
      lock.unlock();
    }
  }

  /** The capacity, in ticks. */
  public int capacity() {
    return capacity;
  }

  /** The number of ticks dropped so far. */
  public long dropped() {
    lock.lock();
    try {
      return droppedTotal;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
