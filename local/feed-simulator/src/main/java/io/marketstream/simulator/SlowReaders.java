package io.marketstream.simulator;

import java.util.Objects;

/**
 * What a feed does about a client that does not read what it is sent. At which point the real feeds
 * cut such a client off is unknown.
 *
 * @param action what happens to it
 * @param maxQueuedBytes how much may wait for one connection, beside what the operating system
 *     holds; the message that reaches the limit is the last one taken
 */
public record SlowReaders(Action action, long maxQueuedBytes) {

  /** What happens to a slow reader. */
  public enum Action {
    /** It stays connected; messages that find no room are left out and count as not sent. */
    SKIP,

    /** Its connection ends without a close frame. */
    DROP,

    /** Its connection is reset; what is in flight may be lost. */
    RESET,

    /** It is sent close code 1008, then dropped. */
    CLOSE
  }

  /** The kind default: nobody is cut off. */
  public static final SlowReaders KEPT = new SlowReaders(Action.SKIP, 64 << 20);

  public SlowReaders {
    Objects.requireNonNull(action, "action");
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException(
          "At least one byte must be allowed to wait, not " + maxQueuedBytes);
    }
  }
}
