package io.marketstream.feed.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: full jitter below a limit that doubles from {@code
 * first} up to {@code max}, and starts over after a stable connection. Pure: it is told how long a
 * connection delivered. Not thread-safe: guarded by the session's lock.
 */
final class Backoff {

  private final long firstMs;
  private final long maxMs;
  private final Duration stableAfter;
  private final RandomGenerator random;
  private long limitMs;

  /**
   * @param stableAfter how long a connection must have delivered to count as stable
   */
  Backoff(Duration first, Duration max, Duration stableAfter, RandomGenerator random) {
    this.firstMs = first.toMillis();
    this.maxMs = max.toMillis();
    this.stableAfter = stableAfter;
    this.random = random;
    this.limitMs = firstMs;
  }

  /**
   * The next wait: anything from zero to the limit, so that many clients do not come back at once.
   */
  Duration next() {
    long wait = random.nextLong(limitMs + 1);
    limitMs = Math.min(maxMs, limitMs * 2);
    return Duration.ofMillis(wait);
  }

  /**
   * A connection is gone.
   *
   * @param delivered from its opening to its last frame; zero if it got none
   */
  void ended(Duration delivered) {
    if (delivered.compareTo(stableAfter) >= 0) {
      limitMs = firstMs;
    }
  }
}
