package io.marketstream.feed.task;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Decides when a task that has to fail may throw: when everything that it returned before is
 * acknowledged, or after a bound. A worker with exactly-once support and {@code
 * transaction.boundary=interval} aborts the open transaction of a task that throws, and with it the
 * record of the gap that the failure begins. Owned by the task thread.
 */
final class HeldFailure {

  /**
   * Connect's key of a connector; where it is absent the worker's offset.flush.interval.ms holds.
   */
  static final String INTERVAL_MS = "transaction.boundary.interval.ms";

  private static final Duration KAFKAS_INTERVAL = Duration.ofSeconds(60);
  private static final Duration TIME_TO_COMMIT = Duration.ofSeconds(30);

  private final Duration bound;
  private final LongSupplier nanoTime;
  private boolean held;
  private long heldSince;

  /**
   * @param nanoTime a monotonic clock
   */
  HeldFailure(Map<String, String> properties, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    Duration interval = interval(properties.get(INTERVAL_MS));
    bound =
        (interval.compareTo(KAFKAS_INTERVAL) < 0 ? KAFKAS_INTERVAL : interval).plus(TIME_TO_COMMIT);
  }

  private static Duration interval(String millis) {
    try {
      return millis == null ? Duration.ZERO : Duration.ofMillis(Long.parseLong(millis.trim()));
    } catch (NumberFormatException connectRefusesIt) {
      return Duration.ZERO;
    }
  }

  /**
   * @param unacknowledged whether records are on their way
   * @return whether the failure may be thrown now
   */
  boolean isDue(boolean unacknowledged) {
    long now = nanoTime.getAsLong();
    if (!held) {
      held = true;
      heldSince = now;
    }
    return !unacknowledged || now - heldSince >= bound.toNanos();
  }
}
