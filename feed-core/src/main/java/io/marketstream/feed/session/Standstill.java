package io.marketstream.feed.session;

import java.time.Duration;

/**
 * Notices that the whole process stood still: stopped, frozen with its container, starved. Not what
 * the monotonic clock itself sleeps through, as Linux's does when the machine is suspended. After a
 * long standstill another worker may have the task and the only connection that the feed allows;
 * this one is not told before the group has met again. Until then it must not take the connection
 * back: the two would take it from each other all the time. Pure: it is told the time (ns, of any
 * monotonic clock). Not thread-safe: guarded by the session's lock.
 */
final class Standstill {

  /** How often a process that runs is expected to say so. */
  static final Duration TICK = Duration.ofSeconds(1);

  private final Duration shortest;
  private final Duration settling;
  private long lastSign;
  private boolean stood;
  private long resumedAt;

  /**
   * @param shortest that may have cost the worker its tasks
   * @param settling how long the group may take to meet again
   */
  Standstill(Duration shortest, Duration settling, long now) {
    this.shortest = shortest;
    this.settling = settling;
    lastSign = now;
  }

  /** The process runs. */
  void running(long now) {
    if (now - lastSign > shortest.toNanos()) {
      stood = true;
      resumedAt = now;
    }
    lastSign = now;
  }

  /** How long to leave the feed alone; zero unless the process has just stood still for long. */
  Duration holdOff(long now) {
    if (!stood) {
      return Duration.ZERO;
    }
    Duration left = settling.minusNanos(now - resumedAt);
    stood = !left.isNegative();
    return stood ? left : Duration.ZERO;
  }
}
