package io.marketstream.feed.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to warn of the feed's delay: once per episode of late ticks, and once per episode of
 * ticks that arrive before their event time. Pure. Not thread-safe: guarded by the session's lock.
 */
final class FeedDelayAlarm {

  /** A lower median means that a clock is wrong: network and rounding cannot explain it. */
  static final long MIN_PLAUSIBLE_MEDIAN_MS = -2_000;

  /**
   * A line for the log.
   *
   * @param begins whether an episode begins; false if it ends
   */
  record Notice(boolean begins, String message) {}

  private enum Episode {
    NONE,
    LATE,
    CLOCK_WRONG
  }

  private final long warnMs;
  private Episode episode = Episode.NONE;

  /**
   * @param warn the greatest median without a warning; zero for no warnings
   */
  FeedDelayAlarm(Duration warn) {
    this.warnMs = warn.toMillis();
  }

  /**
   * Judges the median of a window.
   *
   * @param medianMs the median of a window with ticks. Windows without ticks change nothing
   * @return null if there is nothing new to report
   */
  @Nullable Notice judge(long medianMs) {
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
                  + " ms after its event time, more than "
                  + ConnectionConfig.FEED_DELAY_WARN_MS
                  + "="
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
    return medianMs < MIN_PLAUSIBLE_MEDIAN_MS ? Episode.CLOCK_WRONG : Episode.NONE;
  }
}
