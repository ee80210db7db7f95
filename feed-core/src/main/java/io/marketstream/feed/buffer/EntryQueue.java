package io.marketstream.feed.buffer;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A FIFO queue of buffer entries that can also remove the oldest tick, even if other entries are
 * before it. Each operation takes constant time. Guarded by the buffer's lock.
 */
final class EntryQueue {

  /**
   * An entry that is not a tick.
   *
   * @param ticksBefore how many ticks were added before it in total
   */
  private record Other(BufferEntry entry, long ticksBefore) {}

  private final Deque<BufferEntry.Tick> ticks = new ArrayDeque<>();
  private final Deque<Other> others = new ArrayDeque<>();
  private long ticksAdded;
  private long ticksRemoved;

  /** Adds an entry at the end. */
  void add(BufferEntry entry) {
    if (entry instanceof BufferEntry.Tick tick) {
      ticks.addLast(tick);
      ticksAdded++;
    } else {
      others.addLast(new Other(entry, ticksAdded));
    }
  }

  /** Removes the oldest entry. The queue must not be empty. */
  BufferEntry remove() {
    Other other = others.peekFirst();
    return other != null && other.ticksBefore() <= ticksRemoved
        ? others.removeFirst().entry()
        : removeOldestTick();
  }

  /** Removes the oldest tick. There must be one. */
  BufferEntry.Tick removeOldestTick() {
    BufferEntry.Tick tick = ticks.removeFirst();
    ticksRemoved++;
    return tick;
  }

  boolean hasTicks() {
    return !ticks.isEmpty();
  }

  boolean isEmpty() {
    return ticks.isEmpty() && others.isEmpty();
  }

  int size() {
    return ticks.size() + others.size();
  }
}
