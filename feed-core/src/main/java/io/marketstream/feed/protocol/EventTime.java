package io.marketstream.feed.protocol;

/**
 * Which event times are plausible instants. Late and early ones are; the job decides about those.
 */
public final class EventTime {

  /** 1990-01-01T00:00:00Z in epoch ms: no feed of ours reports older trades. */
  private static final long EARLIEST = 631_152_000_000L;

  private static final long A_DAY = 86_400_000L;

  private EventTime() {}

  /**
   * Whether an event time (epoch ms) can be that of a frame read at {@code receivedAt} (epoch ms).
   */
  public static boolean isPlausible(long eventTime, long receivedAt) {
    return eventTime >= EARLIEST && eventTime - receivedAt <= A_DAY;
  }
}
