package io.marketstream.feed.session;

import io.marketstream.model.GapCause;
import java.time.Duration;

/**
 * Counts connections that the feed drops shortly after they open. A feed that allows one connection
 * per key does that if another client uses the same key (docs/feeds.md, "Finnhub"). Pure: the
 * caller passes how long a connection lived. Not thread-safe: guarded by the session's lock.
 */
final class ShortLivedConnections {

  /** So many in a row suggest that another client uses the same key. */
  static final int SUSPICIOUS_COUNT = 3;

  /** A connection with a shorter life counts. */
  static final Duration SHORT_LIFETIME = Duration.ofSeconds(10);

  private final Duration stableAfter;
  private int inARow;

  /**
   * @param stableAfter a connection that lives this long resets the count; at least {@link
   *     #SHORT_LIFETIME} applies
   */
  ShortLivedConnections(Duration stableAfter) {
    this.stableAfter = stableAfter.compareTo(SHORT_LIFETIME) < 0 ? SHORT_LIFETIME : stableAfter;
  }

  /**
   * Counts a connection that had opened and has ended.
   *
   * @return how many connections in a row, including this one, the feed has dropped shortly after
   *     opening; 0 if this one does not count
   */
  int count(GapCause cause, Duration lived) {
    if (lived.compareTo(stableAfter) >= 0) {
      inARow = 0;
    }
    boolean dropped = cause == GapCause.CONNECTION_LOST || cause == GapCause.SERVER_CLOSED;
    return dropped && lived.compareTo(SHORT_LIFETIME) < 0 ? ++inARow : 0;
  }
}
