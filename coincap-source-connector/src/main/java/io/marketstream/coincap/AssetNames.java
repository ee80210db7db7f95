package io.marketstream.coincap;

import java.util.function.Predicate;

/**
 * Reads the names of assets from frames. It keeps names that it has read, so that an asset that
 * comes again needs no new string. The feed chooses the names, so their memory is bounded: at most
 * {@value #MOST_KEPT} names of at most {@value #LONGEST} characters.
 *
 * <p>Any thread. Two threads that read a name at the same time may get two equal strings.
 */
final class AssetNames {

  /** Longer names are rejected, in characters. */
  static final int LONGEST = 128;

  /** A power of two. Each name has one place; a name that loses its place is read again. */
  private static final int MOST_KEPT = 4_096;

  private final Predicate<String> subscribed;
  private final String[] kept = new String[MOST_KEPT];

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
    int hash = 0;
    while (end < frame.length() && isPlain(frame.charAt(end))) {
      hash = 31 * hash + frame.charAt(end);
      end++;
    }
    if (end == start || end - start > LONGEST) {
      return null;
    }
    int place = (hash ^ hash >>> 16) & (MOST_KEPT - 1);
    String known = kept[place];
    if (known != null && known.length() == end - start && frame.startsWith(known, start)) {
      return known;
    }
    String name = frame.substring(start, end);
    if (!subscribed.test(name)) {
      return null;
    }
    kept[place] = name;
    return name;
  }

  /** Whether the character is printable ASCII and stands for itself in a JSON text. */
  private static boolean isPlain(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  }
}
