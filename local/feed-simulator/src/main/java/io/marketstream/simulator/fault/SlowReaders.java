package io.marketstream.simulator.fault;

import java.util.Objects;

/**
 * The rule for clients that do not read. It is unknown at which point the real feeds end such a
 * connection.
 *
 * @param action what happens to the client
 * @param maxQueuedBytes how many bytes may wait for one connection, in addition to the buffers of
 *     the operating system; the message that reaches the limit is the last one that is queued
 */
public record SlowReaders(Action action, long maxQueuedBytes) {

  /** What happens to a slow reader. */
  public enum Action {
    /** It stays connected. Messages beyond the limit are left out and count as not sent. */
    SKIP,

    /** Its connection ends without a close frame. */
    DROP,

    /** Its connection is reset. Data in flight may be lost. */
    RESET,

    /** It receives the close code 1008, and is then dropped. */
    CLOSE
  }

  /** The default: every client stays connected. */
  public static final SlowReaders KEPT = new SlowReaders(Action.SKIP, 64 << 20);

  public SlowReaders {
    Objects.requireNonNull(action, "action");
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException(
          "At least one byte must be allowed to wait, not " + maxQueuedBytes);
    }
  }
}
