package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.TickId;
import java.util.TreeMap;

/**
 * Which records of one symbol the job folds: each tick once, and none of a session older than the
 * sixteen newest. Not thread-safe.
 */
final class AcceptedTicks {
  /** How many sessions of a symbol the job remembers. */
  private static final int MAX_SESSIONS = 16;

  private final TreeMap<Long, Long> lastSequences = new TreeMap<>();

  /** Takes the next record in the order of the topic; whether the job folds it. */
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
