package io.marketstream.feed.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Computes the wait before the next attempt to connect. The wait is random below a limit. The limit
 * doubles from {@code first} to {@code max}, and starts over after a stable connection. Pure: the
 * caller passes how long a connection delivered. Not thread-safe: guarded by the session's lock.
 */
final class Backoff {

  private final long firstMs;
  private final long maxMs;
  private final Duration stableAfter;
  private final RandomGenerator random;
  private long limitMs;

  /**
   * @param stableAfter how long a connection must deliver to count as stable
   */
  Backoff(Duration first, Duration max, Duration stableAfter, RandomGenerator random) {
    this.firstMs = first.toMillis();
    this.maxMs = max.toMillis();
    this.stableAfter = stableAfter;
    this.random = random;
    this.limitMs = firstMs;
  }

  /** The next wait. It is random so that many clients do not reconnect at the same time. */
  Duration next() {
    long wait = random.nextLong(limitMs + 1);
    limitMs = Math.min(maxMs, limitMs * 2);
    return Duration.ofMillis(wait);
  }

  /**
   * A connection has ended.
   *
   * @param delivered the time between its opening and its last frame; zero if it delivered none
   */
  void connectionEnded(Duration delivered) {
    if (delivered.compareTo(stableAfter) >= 0) {
      limitMs = firstMs;
    }
  }
}
