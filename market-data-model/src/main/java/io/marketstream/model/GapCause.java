package io.marketstream.model;

/** Why ticks may have been missed. The names are the values of the field {@code cause}. */
public enum GapCause {
  /** The connection broke, or could not be opened, without a close frame. */
  CONNECTION_LOST,
  /** The server sent a close frame. */
  SERVER_CLOSED,
  /** The socket stayed open and said nothing for the idle timeout. */
  STALLED,
  /** The server answered the handshake with HTTP 429. */
  RATE_LIMITED,
  /** The server refused the credential. The task fails. */
  UNAUTHORIZED,
  /** The buffer stayed full and we closed the socket. */
  BACKPRESSURE,
  /** The buffer was full and we dropped its oldest ticks. */
  OVERFLOW,
  /** The task was not running. */
  TASK_RESTART,
  /** The feed refused the symbol's subscription; the connection and the other symbols go on. */
  SUBSCRIPTION_REFUSED
}
