package io.marketstream.feed.task;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the next heartbeat is due: at the start, at each new session, and at a steady pace. Owned by
 * the task thread.
 */
final class Heartbeats {

  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private boolean begun;
  private long lastNanos;
  private long lastSession;

  /**
   * @param interval zero for no heartbeats
   * @param nanoTime a monotonic clock
   */
  Heartbeats(Duration interval, LongSupplier nanoTime) {
    this.intervalNanos = interval.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * @param session the newest session; 0 before the first
   */
  boolean isDue(long session) {
    return intervalNanos > 0
        && (!begun || session != lastSession || nanoTime.getAsLong() - lastNanos >= intervalNanos);
  }

  void sent(long session) {
    begun = true;
    lastNanos = nanoTime.getAsLong();
    lastSession = session;
  }

  /** How long a poll may wait for entries without being late with the next heartbeat. */
  Duration atMost(Duration wait) {
    if (intervalNanos == 0 || !begun) {
      return wait;
    }
    Duration left = Duration.ofNanos(Math.max(0, lastNanos + intervalNanos - nanoTime.getAsLong()));
    return left.compareTo(wait) < 0 ? left : wait;
  }
}
