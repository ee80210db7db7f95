package io.marketstream.feed.session;

import java.time.Duration;

/**
 * Decides when to warn of the feed's delay: once per episode in which the ticks come late, or in
 * which they come before their own event time. Pure. Not thread-safe: guarded by the session's
 * lock.
 */
final class FeedDelayAlarm {

  /** A lower median means that a clock is wrong: network and rounding do not explain it. */
  static final long CLOCK_WRONG_BELOW_MS = -2_000;

  /**
   * A line for the log.
   *
   * @param begins whether an episode begins; false where one is over
   */
  record Notice(boolean begins, String words) {}

  private enum Episode {
    NONE,
    LATE,
    CLOCK_WRONG
  }

  private final long warnMs;
  private Episode episode = Episode.NONE;

  /**
   * @param warn the greatest median that needs no warning; zero to warn of nothing
   */
  FeedDelayAlarm(Duration warn) {
    this.warnMs = warn.toMillis();
  }

  /**
   * @param medianMs of a period in which ticks came; periods without ticks change nothing
   * @return null where there is nothing new to say
   */
  Notice judge(long medianMs) {
    Episode now = episodeOf(medianMs);
    if (now == episode) {
      return null;
    }
    episode = now;
    return switch (now) {
      case LATE ->
          new Notice(
              true,
              "the median tick arrives "
                  + medianMs
                  + " ms after its event time, more than feed.delay.warn.ms="
                  + warnMs
                  + ": the feed is late, or this worker's clock is ahead");
      case CLOCK_WRONG ->
          new Notice(
              true,
              "the median tick arrives "
                  + -medianMs
                  + " ms before its event time: this worker's clock is behind, or the feed's is ahead");
      case NONE ->
          new Notice(
              false, "the feed's delay is normal again: " + medianMs + " ms for the median tick");
    };
  }

  private Episode episodeOf(long medianMs) {
    if (warnMs == 0) {
      return Episode.NONE;
    }
    if (medianMs > warnMs) {
      return Episode.LATE;
    }
    return medianMs < CLOCK_WRONG_BELOW_MS ? Episode.CLOCK_WRONG : Episode.NONE;
  }
}
