package io.marketstream.feed.task;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first dropped tick of each symbol and session that no gap record tells of yet. What it is
 * asked per tick costs the same however many symbols lost some. Owned by the task thread.
 */
final class UnrecordedDrops {

  /** The earliest drop: its session, and the sequence of the first tick dropped in it. */
  record Earliest(long session, long firstMissing) {}

  private final Map<String, TreeMap<Long, Long>> bySymbol = new HashMap<>();
  private final TreeMap<Long, Integer> symbolsBySession = new TreeMap<>();

  void add(String symbol, long session, long firstMissing) {
    Long known =
        bySymbol.computeIfAbsent(symbol, s -> new TreeMap<>()).putIfAbsent(session, firstMissing);
    if (known == null) {
      symbolsBySession.merge(session, 1, Integer::sum);
    }
  }

  /** The record of these drops is out. */
  void recorded(String symbol, long session) {
    TreeMap<Long, Long> sessions = bySymbol.get(symbol);
    if (sessions == null || sessions.remove(session) == null) {
      return;
    }
    if (sessions.isEmpty()) {
      bySymbol.remove(symbol);
    }
    symbolsBySession.computeIfPresent(session, (s, count) -> count == 1 ? null : count - 1);
  }

  /** Of one symbol; null where it has none. */
  Earliest of(String symbol) {
    TreeMap<Long, Long> sessions = bySymbol.get(symbol);
    return sessions == null
        ? null
        : new Earliest(sessions.firstKey(), sessions.firstEntry().getValue());
  }

  /** Of all symbols together, which have no common sequence: 0 stands for it; null for none. */
  Earliest ofAll() {
    return symbolsBySession.isEmpty() ? null : new Earliest(symbolsBySession.firstKey(), 0);
  }
}
