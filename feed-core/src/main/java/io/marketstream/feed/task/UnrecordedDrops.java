package io.marketstream.feed.task;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The first dropped tick of each symbol and session whose gap record is not published yet. The
 * methods that are called per tick take the same time however many symbols have drops. Owned by the
 * task thread.
 */
final class UnrecordedDrops {

  /** The earliest drop: its session, and the sequence of the first tick dropped in it. */
  record Earliest(long session, long firstMissing) {}

  private final Map<String, TreeMap<Long, Long>> bySymbol = new HashMap<>();
  private final TreeMap<Long, Integer> symbolsBySession = new TreeMap<>();

  /** Adds a drop, unless an earlier one of the symbol and session is known. */
  void add(String symbol, long session, long firstMissing) {
    Long known =
        bySymbol.computeIfAbsent(symbol, s -> new TreeMap<>()).putIfAbsent(session, firstMissing);
    if (known == null) {
      symbolsBySession.merge(session, 1, Integer::sum);
    }
  }

  /** The gap record of these drops is published. */
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

  /** The earliest drop of a symbol; null if it has none. */
  @Nullable Earliest of(String symbol) {
    TreeMap<Long, Long> sessions = bySymbol.get(symbol);
    return sessions == null
        ? null
        : new Earliest(sessions.firstKey(), sessions.firstEntry().getValue());
  }

  /** The earliest drop of all symbols, with the sequence 0; null if there is none. */
  @Nullable Earliest ofAll() {
    return symbolsBySession.isEmpty() ? null : new Earliest(symbolsBySession.firstKey(), 0);
  }
}
