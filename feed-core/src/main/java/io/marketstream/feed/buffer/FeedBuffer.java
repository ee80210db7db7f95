package io.marketstream.feed.buffer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The bounded hand-over from the socket thread to the task thread. The whole threading contract:
 *
 * <ul>
 *   <li>One socket thread at a time calls {@link #awaitRoom}, then {@link #put}. Only {@code
 *       awaitRoom} waits, and only under {@link OverflowPolicy#BLOCK} or when nothing is left to
 *       drop. {@code put} takes a whole frame and never waits, so the buffer can exceed its
 *       capacity by one frame.
 *   <li>The session's scheduler may {@code put} gap records and call {@link #fail} and {@link
 *       #whenHalfEmpty} at any time.
 *   <li>Only the task thread calls {@link #drain}. Entries come out in the order in which they went
 *       in; a failure comes out last, when the buffer is empty, and at every later call.
 *   <li>A drain that follows the last one closely waits until entries have gathered. What comes
 *       after a pause comes out at once.
 *   <li>{@link #close} wakes every waiter, on any thread. What is still buffered then is for the
 *       gap of the next start.
 * </ul>
 *
 * <p>Ticks and rejects count against the capacity, gaps do not. Only ticks are ever dropped. No
 * operation's cost depends on how much is buffered.
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
  private ConnectException failure;
  private Runnable halfEmptyListener;
  private boolean closed;
  private long drainedNanos;

  /**
   * @param capacity in ticks, at least 1
   * @param gather the shortest time between two drains, unless the buffer is more than half full
   */
  public FeedBuffer(int capacity, OverflowPolicy policy, Duration gather) {
    this.capacity = capacity;
    this.policy = policy;
    this.gatherNanos = gather.toNanos();
    this.drainedNanos = System.nanoTime() - gatherNanos;
  }

  /**
   * What {@link #drain} took out.
   *
   * @param oldestUnrecordedDrop epoch ms of the oldest dropped tick that no record accounts for
   *     yet; Long.MAX_VALUE if there is none
   * @param drops the first drop of each symbol and session since its last record, each told once:
   *     with the first entries that were taken after it
   */
  public record Drained(List<BufferEntry> entries, long oldestUnrecordedDrop, List<Drop> drops) {}

  /** Ticks of a symbol that were dropped in a session, from a sequence on. */
  public record Drop(String symbol, long session, long firstMissing) {}

  /**
   * Waits until a frame may be put.
   *
   * @return whether there is room; false if none appeared within {@code atMost} or the buffer was
   *     closed
   */
  public boolean awaitRoom(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = atMost.toNanos();
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
   * Takes the entries of one frame, dropping the oldest ticks for them where the policy says so.
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
   * Takes up to {@code max} entries. Waits for the first, and then for more if the last drain was
   * not long ago.
   *
   * @param atMost how long it waits in all
   * @return the entries, empty if none came in time or the buffer was closed, and what was dropped
   * @throws ConnectException what {@link #fail} was given, once everything before it has been taken
   */
  public Drained drain(int max, Duration atMost) throws InterruptedException {
    Runnable listener = null;
    Drained drained;
    lock.lockInterruptibly();
    try {
      long remaining = atMost.toNanos();
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
      List<Drop> drops = overflow.tellDrops(); // before what is taken can record them
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
        // The offsets can tell of one gap a symbol: what was dropped is recorded before this one.
        taken.addAll(overflow.end());
      }
      taken.add(entry);
    }
    return taken;
  }

  /**
   * Hands a failure to the task: {@link #drain} throws it when the buffer is empty. The first one
   * stays.
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
   * Runs {@code listener} once, on the task thread or at once, as soon as the buffer is at most
   * half full.
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

  public int capacity() {
    return capacity;
  }

  /** Ticks dropped since the buffer was made. */
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
