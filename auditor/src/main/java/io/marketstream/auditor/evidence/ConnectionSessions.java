package io.marketstream.auditor.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Matches sessions of a connector with connections of a simulator. Both begin when the connection
 * opens, measured by the same clock, so the nearest belong together.
 */
public final class ConnectionSessions {
  private static final long MAX_DISTANCE_MS = 30_000;

  private record Pair(long openedAt, long session) {
    long distance() {
      return Math.abs(openedAt - session);
    }
  }

  private ConnectionSessions() {}

  /**
   * Matches openings with sessions.
   *
   * @param openings epoch ms at which the simulator saw connections open
   * @param sessions all known sessions of the source, including those without ticks
   * @return the session per opening; openings without a session are left out
   */
  public static Map<Long, Long> match(Collection<Long> openings, Collection<Long> sessions) {
    List<Pair> pairs = new ArrayList<>();
    for (long openedAt : new HashSet<>(openings)) {
      for (long session : new HashSet<>(sessions)) {
        Pair pair = new Pair(openedAt, session);
        if (pair.distance() <= MAX_DISTANCE_MS) {
          pairs.add(pair);
        }
      }
    }
    pairs.sort(Comparator.comparingLong(Pair::distance));
    Map<Long, Long> matched = new HashMap<>();
    Set<Long> taken = new HashSet<>();
    for (Pair pair : pairs) {
      if (!matched.containsKey(pair.openedAt()) && taken.add(pair.session())) {
        matched.put(pair.openedAt(), pair.session());
      }
    }
    return matched;
  }
}
