package io.marketstream.feed.session;

import java.time.Duration;

/**
 * Notices a socket that stays open and says nothing. Pure: it is told the time (ns, of any
 * monotonic clock). Not thread-safe: guarded by the session's lock.
 */
final class IdleWatchdog {

  private final long timeoutNanos;
  private long lastSign;

  IdleWatchdog(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  /** A sign of life, or the begin of a connection. */
  void touch(long now) {
    lastSign = now;
  }

  /** How long until the connection counts as stalled; zero or less if it does. */
  Duration remaining(long now) {
    return Duration.ofNanos(timeoutNanos - (now - lastSign));
  }
}
