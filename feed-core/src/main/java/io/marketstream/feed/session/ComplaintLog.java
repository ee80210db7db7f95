package io.marketstream.feed.session;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a feed complains of to the log, as warnings, and at most {@value #LINES} of them per
 * minute: a feed that floods us with errors must not flood the worker's log. Every complaint is a
 * rejected record as well. Not thread-safe: guarded by the session's lock.
 */
final class ComplaintLog {

  static final int LINES = 20;

  private static final Logger log = LoggerFactory.getLogger(FeedSession.class);
  private static final long MINUTE = 60_000_000_000L;

  private final LongSupplier nanoTime;
  private long minuteBegan;
  private int lines;

  /**
   * @param nanoTime a monotonic clock
   */
  ComplaintLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.minuteBegan = nanoTime.getAsLong();
  }

  /**
   * @param words free of secrets
   */
  void warn(String name, String words) {
    long now = nanoTime.getAsLong();
    if (now - minuteBegan >= MINUTE) {
      minuteBegan = now;
      lines = 0;
    }
    lines++;
    if (lines < LINES) {
      log.warn("{}: the feed says: {}", name, words);
    } else if (lines == LINES) {
      log.warn(
          "{}: the feed says: {}; further complaints of this minute are in the rejected topic only",
          name,
          words);
    }
  }
}
