package io.marketstream.model;

/** Why ticks may have been missed. The names are the values of the field {@code cause}. */
public enum GapCause {
  /** The connection broke without a close frame, could not be opened, or ended after a defect. */
  CONNECTION_LOST,
  /** The server sent a close frame. */
  SERVER_CLOSED,
  /**
   * The connection stayed open, but no frame arrived for {@code idle.timeout.ms}, or no tick for
   * {@code tick.silence.ms} if that is set.
   */
  STALLED,
  /** The server answered the handshake with HTTP 429. */
  RATE_LIMITED,
  /** The server refused the credential. The task fails. */
  UNAUTHORIZED,
  /**
   * The buffer stayed full for {@code buffer.block.ms}, so the connector closed the socket. Or a
   * ping failed, because the pong waited behind frames that the connector did not read.
   */
  BACKPRESSURE,
  /** The buffer was full, so the connector dropped its oldest ticks. */
  OVERFLOW,
  /** The task was not running. */
  TASK_RESTART,
  /**
   * The feed refused the subscription of the symbol. The connection and the other symbols go on.
   */
  SUBSCRIPTION_REFUSED,
  /** The venue's trade ids have a hole although the connection was healthy. */
  VENUE_DROPPED,
  /**
   * The venue's own history lacks these trades too, or has an unusable row of them. Such a record
   * belongs to a gap that was repaired. It names the trade ids, and nothing more can be done.
   */
  ABSENT_AT_VENUE
}
