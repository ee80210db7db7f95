package io.marketstream.coincap;

import io.marketstream.feed.protocol.TextCache;
import io.marketstream.model.Limits;
import java.util.function.Predicate;

/**
 * Reads the names of assets from frames. It keeps names that it has read, so that an asset that
 * comes again needs no new string. Any thread.
 */
final class AssetNames {

  private final Predicate<String> subscribed;
  private final TextCache<String> known = new TextCache<>(4_096); // the feed has some thousands

  /**
   * @param subscribed the assets whose prices are expected; its answers never change
   */
  AssetNames(Predicate<String> subscribed) {
    this.subscribed = subscribed;
  }

  boolean isSubscribed(String name) {
    return subscribed.test(name);
  }

  /**
   * The name that begins at the char {@code start} of the frame and ends before the next quote.
   *
   * @return null if the name is empty, too long or not subscribed to, or if it holds anything but
   *     plain ASCII
   */
  String at(String frame, int start) {
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

  /** Whether the character is printable ASCII and stands for itself in a JSON text. */
  private static boolean isPlain(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  }
}
