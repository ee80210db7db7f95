package io.marketstream.feed.buffer;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The entries of the buffer in the order in which they came, from which the oldest tick can be
 * taken too, whatever stands before it. Each operation takes constant time. Guarded by the buffer's
 * lock.
 */
final class EntryQueue {

  /**
   * An entry that is no tick.
   *
   * @param ticksBefore how many ticks had been added before it, ever
   */
  private record Other(BufferEntry entry, long ticksBefore) {}

  private final Deque<BufferEntry.Tick> ticks = new ArrayDeque<>();
  private final Deque<Other> others = new ArrayDeque<>();
  private long ticksAdded;
  private long ticksRemoved;

  void add(BufferEntry entry) {
    if (entry instanceof BufferEntry.Tick tick) {
      ticks.addLast(tick);
      ticksAdded++;
    } else {
      others.addLast(new Other(entry, ticksAdded));
    }
  }

  /** Takes the oldest entry; there must be one. */
  BufferEntry remove() {
    Other other = others.peekFirst();
    return other != null && other.ticksBefore() <= ticksRemoved
        ? others.removeFirst().entry()
        : removeOldestTick();
  }

  /** Takes the oldest tick; there must be one. */
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
