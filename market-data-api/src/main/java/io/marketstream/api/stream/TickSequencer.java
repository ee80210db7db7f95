package io.marketstream.api.stream;

import io.marketstream.api.market.Tick;
import io.marketstream.api.market.TickId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the ticks of one symbol into the order of their numbers, each of them once. The job writes
 * the rows of a batch at the same time, so a later tick may be readable before an earlier one. A
 * client that resumes after an event relies on having all earlier ones. So a tick waits for those
 * before it, but only for a short time: they may be missing for ever, in a gap.
 *
 * <p>One thread.
 */
final class TickSequencer {
  static final Comparator<Tick> BY_NUMBER =
      Comparator.comparingLong((Tick tick) -> tick.id().session())
          .thenComparingLong(tick -> tick.id().sequence());

  private static final int MAX_WAITING = 10_000;

  private final long maxWaitMs;
  private final long latenessMs;
  private final Set<TickId> seen = new HashSet<>();
  private final TreeMap<Tick, Long> waiting = new TreeMap<>(BY_NUMBER);
  private @Nullable TickId newest;
  private @Nullable Tick last;
  private boolean hasBegun;

  /**
   * @param maxWaitMs how long a tick waits for those before it
   * @param latenessMs how far the event time of a new tick may lie before the newest
   */
  TickSequencer(long maxWaitMs, long latenessMs) {
    this.maxWaitMs = maxWaitMs;
    this.latenessMs = latenessMs;
  }

  /** The tick with the newest event time so far; null before the first. */
  @Nullable TickId newest() {
    return newest;
  }

  /** Whether ticks wait for earlier ones. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** The last tick that was handed out, or was there at the begin; null before. */
  @Nullable Tick last() {
    return last;
  }

  /**
   * Begins with the newest ticks of the table. Those up to the first missing number count as handed
   * out. The others wait as usual.
   *
   * @param now epoch ms
   */
  void begin(Collection<Tick> known, long now) {
    hasBegun = true;
    List<Tick> sorted = new ArrayList<>(known);
    sorted.sort(BY_NUMBER);
    for (Tick tick : sorted) {
      if (accept(tick)) {
        if (waiting.isEmpty() && follows(tick.id())) {
          last = tick;
        } else {
          waiting.put(tick, now);
        }
      }
    }
    forgetOld();
  }

  /** Whether {@link #begin} was called. */
  boolean hasBegun() {
    return hasBegun;
  }

  /**
   * Takes what was read of the table.
   *
   * @param read ticks in any order; known ones are ignored
   * @param now epoch ms
   * @return the ticks that are ready, in the order of their numbers
   */
  List<Tick> offer(Collection<Tick> read, long now) {
    for (Tick tick : read) {
      if (accept(tick)) {
        waiting.put(tick, now);
      }
    }
    forgetOld();
    List<Tick> ready = new ArrayList<>();
    Map.Entry<Tick, Long> first = waiting.firstEntry();
    while (first != null
        && (follows(first.getKey().id())
            || now - first.getValue() >= maxWaitMs
            || waiting.size() > MAX_WAITING)) {
      Tick tick = first.getKey();
      ready.add(tick);
      waiting.remove(tick);
      Tick before = last;
      last = before == null || BY_NUMBER.compare(before, tick) < 0 ? tick : before;
      first = waiting.firstEntry();
    }
    return ready;
  }

  private boolean accept(Tick tick) {
    TickId id = tick.id();
    if (!seen.add(id)) {
      return false;
    }
    TickId known = newest;
    newest = known == null || id.compareTo(known) > 0 ? id : known;
    return true;
  }

  /** Whether nothing is missing between the last tick and this one. */
  private boolean follows(TickId id) {
    TickId before = last == null ? null : last.id();
    if (before == null || id.session() < before.session()) {
      return true; // a late one of an earlier connection
    }
    return id.session() == before.session()
        ? id.sequence() <= before.sequence() + 1
        : id.sequence() == 0;
  }

  /** What is older is not read again. */
  private void forgetOld() {
    TickId known = newest;
    if (known != null) {
      seen.removeIf(id -> id.eventTime() < known.eventTime() - 2 * latenessMs);
    }
  }
}
