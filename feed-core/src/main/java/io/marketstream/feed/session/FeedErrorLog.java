package io.marketstream.feed.session;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the errors that a feed reports, as warnings, and at most {@value #MAX_LINES_PER_MINUTE} per
 * minute. A feed that sends many errors must not flood the worker's log. Every error is also a
 * rejected record. Not thread-safe: guarded by the session's lock.
 */
final class FeedErrorLog {

  static final int MAX_LINES_PER_MINUTE = 20;

  private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private long minuteStart;
  private int lines;

  /**
   * @param nanoTime a monotonic clock
   */
  FeedErrorLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.minuteStart = nanoTime.getAsLong();
  }

  /**
   * Logs an error.
   *
   * @param message without secrets
   */
  void warn(String name, String message) {
    long now = nanoTime.getAsLong();
    if (now - minuteStart >= MINUTE_NANOS) {
      minuteStart = now;
      lines = 0;
    }
    lines++;
    if (lines < MAX_LINES_PER_MINUTE) {
      LOG.warn("{}: the feed reports: {}", name, message);
    } else if (lines == MAX_LINES_PER_MINUTE) {
      LOG.warn(
          "{}: the feed reports: {}; further errors of this minute are only in the rejected topic",
          name,
          message);
    }
  }
}
