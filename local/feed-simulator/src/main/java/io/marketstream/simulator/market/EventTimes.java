package io.marketstream.simulator.market;

import java.time.Duration;
import java.util.Objects;

/**
 * How a market's event times differ from the time at which its trades are sent.
 *
 * @param delay how late the whole feed is
 * @param clockSkew how far the feed's clock is ahead; negative if it is behind
 * @param lateShare the share of single trades that are late, 0 to 1
 * @param maxLateness the maximum lateness of such a trade, at least one second
 */
public record EventTimes(
    Duration delay, Duration clockSkew, double lateShare, Duration maxLateness) {

  public static final Duration MIN_LATENESS = Duration.ofSeconds(1);

  /** A feed whose trades are all on time. */
  public static final EventTimes ON_TIME =
      new EventTimes(Duration.ZERO, Duration.ZERO, 0, Duration.ofMinutes(5));

  public EventTimes {
    Objects.requireNonNull(clockSkew, "clockSkew");
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "The delay " + delay + " is negative. Use the clock skew instead");
    }
    if (!(lateShare >= 0 && lateShare <= 1)) {
      throw new IllegalArgumentException(
          "The share of late trades must be between 0 and 1, not " + lateShare);
    }
    if (maxLateness.compareTo(MIN_LATENESS) < 0) {
      throw new IllegalArgumentException(
          "The maximum lateness must be at least 1 s, not " + maxLateness);
    }
  }

  public EventTimes withDelay(Duration newDelay) {
    return new EventTimes(newDelay, clockSkew, lateShare, maxLateness);
  }

  public EventTimes withClockSkew(Duration newSkew) {
    return new EventTimes(delay, newSkew, lateShare, maxLateness);
  }

  public EventTimes withLateTrades(double share, Duration newMaxLateness) {
    return new EventTimes(delay, clockSkew, share, newMaxLateness);
  }
}
