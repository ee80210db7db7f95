package io.marketstream.feed.buffer;

import java.util.Locale;

/** What happens when the buffer is full. */
public enum OverflowPolicy {
  /**
   * Stops reading the socket, so that TCP slows the feed down, and closes it if that takes too
   * long.
   */
  BLOCK,
  /** Drops the oldest ticks, and records exactly which. */
  DROP_OLDEST;

  /** The value of {@code buffer.overflow.policy} for this policy. */
  public String configValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
