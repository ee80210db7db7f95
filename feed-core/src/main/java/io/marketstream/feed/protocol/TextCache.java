package io.marketstream.feed.protocol;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Caches the parsed value of a piece of a frame, so that the same text is parsed only once. The
 * cache has a fixed number of places, and a new text replaces an old one. If a feed always sends
 * new texts, the cache is useless but does not grow. Any thread.
 *
 * @param <T> immutable
 */
public final class TextCache<T> {

  /** Longer texts are not cached, in characters. */
  static final int MAX_TEXT_LENGTH = 64;

  private record Known<T>(String text, T value) {}

  private final AtomicReferenceArray<Known<T>> places;

  /**
   * @param places the maximum number of texts; a power of two
   */
  public TextCache(int places) {
    this.places = new AtomicReferenceArray<>(places);
  }

  /**
   * The value of the characters {@code from} to {@code to}, exclusive, of the frame; null if it is
   * not cached.
   */
  public @Nullable T get(String frame, int from, int to) {
    if (to - from > MAX_TEXT_LENGTH) {
      return null;
    }
    Known<T> known = places.get(place(frame, from, to));
    return known != null
            && known.text().length() == to - from
            && frame.startsWith(known.text(), from)
        ? known.value()
        : null;
  }

  /** Caches the value of a text, unless the text is too long. */
  public void put(String text, T value) {
    if (text.length() <= MAX_TEXT_LENGTH) {
      places.set(place(text, 0, text.length()), new Known<>(text, value));
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
