package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicTick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The known numbers of one session, or the known trade ids of one symbol, stored as runs without
 * holes. It needs memory per run, not per number. A run knows its first and its last tick.
 *
 * <p>Not thread-safe.
 */
final class SessionNumbers {
  /**
   * A tick at the edge of a run.
   *
   * @param row null if there is none
   * @param record null if there is none
   */
  record Known(@Nullable TickRow row, @Nullable TopicTick record) {
    Tick tick() {
      return row != null
          ? row.tick()
          : Objects.requireNonNull(record, "a known tick has a row or a record").tick();
    }
  }

  /** Consecutive numbers. */
  static final class Run {
    private final long first;
    private long last;
    private final Known firstKnown;
    private Known lastKnown;

    private Run(long first, long last, Known firstKnown, Known lastKnown) {
      this.first = first;
      this.last = last;
      this.firstKnown = firstKnown;
      this.lastKnown = lastKnown;
    }

    long first() {
      return first;
    }

    long last() {
      return last;
    }

    Known firstKnown() {
      return firstKnown;
    }

    Known lastKnown() {
      return lastKnown;
    }
  }

  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private @Nullable Run newest; // most numbers arrive in order; null before the first
  private long firstReceived = Long.MAX_VALUE;
  private long lastReceived = Long.MIN_VALUE;

  /** Adds a number; returns false if it was known. */
  boolean add(long number, Known known) {
    long received = known.tick().receivedAt();
    firstReceived = Math.min(firstReceived, received);
    lastReceived = Math.max(lastReceived, received);
    if (newest != null && number == newest.last + 1 && runs.higherEntry(newest.first) == null) {
      newest.last = number;
      newest.lastKnown = known;
      return true;
    }
    Map.Entry<Long, Run> below = runs.floorEntry(number);
    if (below != null && number <= below.getValue().last) {
      return false;
    }
    Run before = below != null && below.getValue().last + 1 == number ? below.getValue() : null;
    Run after = runs.get(number + 1);
    Run joined =
        new Run(
            before == null ? number : before.first,
            after == null ? number : after.last,
            before == null ? known : before.firstKnown,
            after == null ? known : after.lastKnown);
    if (after != null) {
      runs.remove(after.first);
    }
    runs.put(joined.first, joined);
    newest = runs.lastEntry().getValue();
    return true;
  }

  boolean contains(long number) {
    Map.Entry<Long, Run> below = runs.floorEntry(number);
    return below != null && number <= below.getValue().last;
  }

  /** The runs in ascending order. */
  List<Run> runs() {
    return new ArrayList<>(runs.values());
  }

  /** Whether its ticks came from the venue's history. All of them have the session 1. */
  boolean isRepair() {
    return !runs.isEmpty() && runs.firstEntry().getValue().firstKnown.tick().isRepair();
  }

  /** Epoch ms at which the first of them was received. */
  long firstReceived() {
    return firstReceived;
  }

  /** Epoch ms at which the last of them was received. */
  long lastReceived() {
    return lastReceived;
  }
}
