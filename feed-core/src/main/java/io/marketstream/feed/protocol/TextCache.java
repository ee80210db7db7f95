package io.marketstream.feed.protocol;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers what a piece of a frame stands for, so that the same text needs to be read only once.
 * The number of places is fixed, and a text takes the place of another: a feed that sends ever new
 * texts makes the cache useless, and never larger. Any thread.
 *
 * @param <T> immutable
 */
public final class TextCache<T> {

  /** Longer texts are not kept, in characters. */
  static final int LONGEST_TEXT = 64;

  private record Known<T>(String text, T meaning) {}

  private final AtomicReferenceArray<Known<T>> places;

  /**
   * @param places how many texts are kept at most; a power of two
   */
  public TextCache(int places) {
    this.places = new AtomicReferenceArray<>(places);
  }

  /**
   * What the characters of the frame stand for, {@code to} exclusive; null where that is not known.
   */
  public T get(String frame, int from, int to) {
    if (to - from > LONGEST_TEXT) {
      return null;
    }
    Known<T> known = places.get(place(frame, from, to));
    return known != null
            && known.text().length() == to - from
            && frame.startsWith(known.text(), from)
        ? known.meaning()
        : null;
  }

  public void put(String text, T meaning) {
    if (text.length() <= LONGEST_TEXT) {
      places.set(place(text, 0, text.length()), new Known<>(text, meaning));
    }
  }

  private int place(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return (hash ^ hash >>> 16) & places.length() - 1;
  }
}
