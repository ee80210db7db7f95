package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.TickId;
import java.util.TreeMap;

/**
 * Decides which records of one symbol count towards its candles: each tick once, and only those of
 * the sixteen newest sessions. Not thread-safe.
 */
final class AcceptedTicks {
  /** How many sessions of a symbol the job remembers. */
  private static final int MAX_SESSIONS = 16;

  private final TreeMap<Long, Long> lastSequences = new TreeMap<>();

  /** Adds the next record in the order of the topic. Returns whether it counts. */
  boolean accept(TickId id) {
    Long last = lastSequences.get(id.session());
    boolean isRepeated = last != null && id.sequence() <= last;
    boolean isForgotten =
        last == null
            && lastSequences.size() == MAX_SESSIONS
            && id.session() < lastSequences.firstKey();
    if (isRepeated || isForgotten) {
      return false;
    }
    lastSequences.put(id.session(), id.sequence());
    if (lastSequences.size() > MAX_SESSIONS) {
      lastSequences.pollFirstEntry();
    }
    return true;
  }
}
