package io.marketstream.feed.task;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when the next heartbeat is due: at the start, after each new session, and at a steady
 * pace. Owned by the task thread.
 */
final class HeartbeatSchedule {

  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private boolean started;
  private long lastNanos;
  private long lastSession;

  /**
   * @param interval zero for no heartbeats
   * @param nanoTime a monotonic clock
   */
  HeartbeatSchedule(Duration interval, LongSupplier nanoTime) {
    this.intervalNanos = interval.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Whether a heartbeat is due.
   *
   * @param session the newest session; 0 before the first
   */
  boolean isDue(long session) {
    return intervalNanos > 0
        && (!started
            || session != lastSession
            || nanoTime.getAsLong() - lastNanos >= intervalNanos);
  }

  /** A heartbeat has been sent. */
  void sent(long session) {
    started = true;
    lastNanos = nanoTime.getAsLong();
    lastSession = session;
  }

  /** The given wait, but not longer than until the next heartbeat. */
  Duration limit(Duration wait) {
    if (intervalNanos == 0 || !started) {
      return wait;
    }
    Duration left = Duration.ofNanos(Math.max(0, lastNanos + intervalNanos - nanoTime.getAsLong()));
    return left.compareTo(wait) < 0 ? left : wait;
  }
}
