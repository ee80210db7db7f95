package io.marketstream.feed.task;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a task that must fail may throw: once all its records are acknowledged, or after a
 * time limit. A worker with exactly-once support and {@code transaction.boundary=interval} aborts
 * the open transaction of a task that throws. The transaction may hold the gap record of the
 * failure. Owned by the task thread.
 */
final class DeferredFailure {

  /**
   * Connect's key for the transaction interval. Its default is the worker's
   * offset.flush.interval.ms.
   */
  static final String INTERVAL_MS = "transaction.boundary.interval.ms";

  private static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofSeconds(60);
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);

  private final Duration limit;
  private final LongSupplier nanoTime;
  private boolean deferred;
  private long deferredSince;

  /**
   * @param nanoTime a monotonic clock
   */
  DeferredFailure(Map<String, String> properties, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    Duration interval = interval(properties.get(INTERVAL_MS));
    limit =
        (interval.compareTo(DEFAULT_COMMIT_INTERVAL) < 0 ? DEFAULT_COMMIT_INTERVAL : interval)
            .plus(COMMIT_TIMEOUT);
  }

  private static Duration interval(@Nullable String millis) {
    try {
      return millis == null ? Duration.ZERO : Duration.ofMillis(Long.parseLong(millis.trim()));
    } catch (NumberFormatException connectRefusesIt) {
      return Duration.ZERO;
    }
  }

  /**
   * Whether the failure may be thrown now. The first call starts the time limit.
   *
   * @param unacknowledged whether records are not acknowledged yet
   * @return whether the failure may be thrown now
   */
  boolean isDue(boolean unacknowledged) {
    long now = nanoTime.getAsLong();
    if (!deferred) {
      deferred = true;
      deferredSince = now;
    }
    return !unacknowledged || now - deferredSince >= limit.toNanos();
  }
}
