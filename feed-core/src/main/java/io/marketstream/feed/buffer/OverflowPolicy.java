package io.marketstream.feed.buffer;

/** What happens when the task takes less than the socket brings. */
public enum OverflowPolicy {
  /**
   * Stop reading the socket, so that TCP holds the feed back; close it when that takes too long.
   */
  BLOCK,
  /** Drop the oldest ticks, and record exactly which. */
  DROP_OLDEST;

  /** The value of {@code buffer.overflow.policy} that means this one. */
  public String configValue() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
