package io.marketstream.feed.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: full jitter below a limit that doubles from {@code
 * first} up to {@code max}. Not thread-safe: guarded by the session's lock.
 */
final class Backoff {

  private final long firstMs;
  private final long maxMs;
  private final RandomGenerator random;
  private long limitMs;

  Backoff(Duration first, Duration max, RandomGenerator random) {
    this.firstMs = first.toMillis();
    this.maxMs = max.toMillis();
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

  /** Starts over after a connection that proved stable. */
  void reset() {
    limitMs = firstMs;
  }
}
