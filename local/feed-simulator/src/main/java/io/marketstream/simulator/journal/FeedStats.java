package io.marketstream.simulator.journal;

import java.util.List;

/**
 * The counters of one simulator at one time. {@code ticksSent} is the sum over the sessions.
 *
 * @param ticksSent ticks in writes that succeeded
 * @param ticksUnconfirmed ticks in writes that failed: the client may or may not have received them
 * @param connections connections ever opened
 * @param connected connections open now
 * @param sessions every connection ever opened, oldest first
 */
public record FeedStats(
    long ticksSent,
    long ticksUnconfirmed,
    long connections,
    int connected,
    List<Session> sessions) {

  /**
   * One connection.
   *
   * @param connection its number
   * @param openedAt Unix milliseconds
   * @param ticks ticks written to it
   */
  public record Session(long connection, long openedAt, long ticks) {}
}
