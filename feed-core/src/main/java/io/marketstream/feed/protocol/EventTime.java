package io.marketstream.feed.protocol;

import io.marketstream.model.Limits;

/**
 * Which event times are plausible instants. Late and early ones are; the job decides about those.
 */
public final class EventTime {

  private static final long A_DAY = 86_400_000L;

  private EventTime() {}

  /**
   * Whether an event time (epoch ms) can be that of a frame read at {@code receivedAt} (epoch ms).
   */
  public static boolean isPlausible(long eventTime, long receivedAt) {
    return eventTime >= Limits.MIN_TIME_MS && eventTime - receivedAt <= A_DAY;
  }
}
