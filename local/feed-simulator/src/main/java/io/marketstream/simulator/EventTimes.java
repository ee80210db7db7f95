package io.marketstream.simulator;

import java.time.Duration;
import java.util.Objects;

/**
 * How a market's event times differ from the time at which its trades are sent.
 *
 * @param delay by how much the whole feed is late
 * @param clockSkew what the feed's clock is ahead; negative when it is behind
 * @param lateShare which share of the trades comes late alone, 0 to 1
 * @param maxLateness how late such a trade is at most; at least a second
 */
public record EventTimes(
    Duration delay, Duration clockSkew, double lateShare, Duration maxLateness) {

  static final Duration MIN_LATENESS = Duration.ofSeconds(1);

  /** A feed whose trades are all on time. */
  public static final EventTimes ON_TIME =
      new EventTimes(Duration.ZERO, Duration.ZERO, 0, Duration.ofMinutes(5));

  public EventTimes {
    Objects.requireNonNull(clockSkew, "clockSkew");
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "A delay is not negative, as " + delay + " is: use the clock's skew");
    }
    if (!(lateShare >= 0 && lateShare <= 1)) {
      throw new IllegalArgumentException("A share lies between 0 and 1, not at " + lateShare);
    }
    if (maxLateness.compareTo(MIN_LATENESS) < 0) {
      throw new IllegalArgumentException("A late trade is late by a second, not " + maxLateness);
    }
  }

  EventTimes withDelay(Duration newDelay) {
    return new EventTimes(newDelay, clockSkew, lateShare, maxLateness);
  }

  EventTimes withClockSkew(Duration newSkew) {
    return new EventTimes(delay, newSkew, lateShare, maxLateness);
  }

  EventTimes withLateTrades(double share, Duration newMaxLateness) {
    return new EventTimes(delay, clockSkew, share, newMaxLateness);
  }
}
