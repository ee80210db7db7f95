package io.marketstream.feed.session;

import io.marketstream.model.GapCause;
import java.time.Duration;

/**
 * Notices that the feed drops one connection after the other soon after they open, as a feed does
 * that allows one connection a key when another client uses the same (docs/feeds.md, "Finnhub").
 * Pure: it is told how long a connection lived. Not thread-safe: guarded by the session's lock.
 */
final class ShortLivedConnections {

  /** So many are no accident. */
  static final int SUSPICIOUS = 3;

  static final Duration SHORT = Duration.ofSeconds(10);

  private final Duration stableAfter;
  private int inARow;

  /**
   * @param stableAfter a connection that lives for this long starts the count over; at least {@link
   *     #SHORT} is taken
   */
  ShortLivedConnections(Duration stableAfter) {
    this.stableAfter = stableAfter.compareTo(SHORT) < 0 ? SHORT : stableAfter;
  }

  /**
   * A connection that had opened is gone.
   *
   * @return the how manieth it is of those that the feed dropped soon after they opened, since a
   *     connection was stable; 0 if it is none of them
   */
  int count(GapCause cause, Duration lived) {
    if (lived.compareTo(stableAfter) >= 0) {
      inARow = 0;
    }
    boolean dropped = cause == GapCause.CONNECTION_LOST || cause == GapCause.SERVER_CLOSED;
    return dropped && lived.compareTo(SHORT) < 0 ? ++inARow : 0;
  }
}
