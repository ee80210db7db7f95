package io.marketstream.feed.session;

import java.time.Duration;

/**
 * Measures how long an open connection has been silent. Pure: the caller passes the time, in ns of
 * any monotonic clock. Not thread-safe: guarded by the session's lock.
 */
final class IdleWatchdog {

  private final long timeoutNanos;
  private long lastActivity;

  IdleWatchdog(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  /** The connection has opened, or has delivered something. */
  void touch(long now) {
    lastActivity = now;
  }

  /** How long until the connection counts as stalled; zero or less if it does. */
  Duration remaining(long now) {
    return Duration.ofNanos(timeoutNanos - (now - lastActivity));
  }
}
