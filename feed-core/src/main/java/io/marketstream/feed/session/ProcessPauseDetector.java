package io.marketstream.feed.session;

import java.time.Duration;

/**
 * Detects that the whole process was paused, for example by SIGSTOP, a frozen container or a lack
 * of CPU. It looks for jumps of the monotonic clock between checks. It cannot detect that a Linux
 * machine was suspended, because that clock stops as well.
 *
 * <p>After a long pause another worker may have the task, and the only connection that the feed
 * allows. This worker learns that only when the group has rebalanced. If it connected before, the
 * two workers would take the connection from each other again and again.
 *
 * <p>Pure: the caller passes the time, in ns of any monotonic clock. Not thread-safe: guarded by
 * the session's lock.
 */
final class ProcessPauseDetector {

  /** How often the caller must call {@link #check}. */
  static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private final Duration threshold;
  private final Duration backoff;
  private long lastCheck;
  private boolean wasPaused;
  private long resumedAt;

  /**
   * @param threshold after a longer pause, another worker may have the task
   * @param backoff how long not to connect after such a pause
   */
  ProcessPauseDetector(Duration threshold, Duration backoff, long now) {
    this.threshold = threshold;
    this.backoff = backoff;
    lastCheck = now;
  }

  /** Compares the time with that of the previous check. */
  void check(long now) {
    if (now - lastCheck > threshold.toNanos()) {
      wasPaused = true;
      resumedAt = now;
    }
    lastCheck = now;
  }

  /** How long not to connect; zero unless a long pause has just ended. */
  Duration remainingBackoff(long now) {
    if (!wasPaused) {
      return Duration.ZERO;
    }
    Duration remaining = backoff.minusNanos(now - resumedAt);
    wasPaused = !remaining.isNegative();
    return wasPaused ? remaining : Duration.ZERO;
  }
}
