package io.marketstream.coincap;

import io.marketstream.feed.protocol.TextCache;
import io.marketstream.model.Limits;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names of assets from frames. It caches them, so that an asset needs no new string when
 * it occurs again. Any thread.
 */
final class AssetNames {

  private final Predicate<String> subscribed;
  private final TextCache<String> known = new TextCache<>(4_096); // the feed has several thousand

  /**
   * @param subscribed whether an asset is subscribed to; its answers never change
   */
  AssetNames(Predicate<String> subscribed) {
    this.subscribed = subscribed;
  }

  /** Whether the asset is subscribed to. */
  boolean isSubscribed(String name) {
    return subscribed.test(name);
  }

  /**
   * The name that begins at the char {@code start} of the frame and ends before the next quote.
   *
   * @return null if the name is empty, too long or not subscribed to, or if it has other characters
   *     than plain ASCII
   */
  @Nullable String at(String frame, int start) {
    int end = start;
    while (end < frame.length() && isPlain(frame.charAt(end))) {
      end++;
    }
    if (end == start || end - start > Limits.MAX_SYMBOL_LENGTH) {
      return null;
    }
    String name = known.get(frame, start, end);
    if (name == null) {
      name = frame.substring(start, end);
      if (!subscribed.test(name)) {
        return null;
      }
      known.put(name, name);
    }
    return name;
  }

  /** Whether the character is printable ASCII and needs no escape in JSON. */
  private static boolean isPlain(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  }
}
