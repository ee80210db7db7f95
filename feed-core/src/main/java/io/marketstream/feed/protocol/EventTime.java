package io.marketstream.feed.protocol;

import io.marketstream.model.Limits;
import java.time.Duration;

/**
 * Decides which event times are plausible. Late ticks have plausible times; the job handles them.
 */
public final class EventTime {

  private static final long MAX_AHEAD_MS = Duration.ofDays(1).toMillis();

  private EventTime() {}

  /**
   * Whether a frame that was read at {@code receivedAt} can have this event time, both in epoch ms.
   */
  public static boolean isPlausible(long eventTime, long receivedAt) {
    return eventTime >= Limits.MIN_TIME_MS && eventTime - receivedAt <= MAX_AHEAD_MS;
  }
}
