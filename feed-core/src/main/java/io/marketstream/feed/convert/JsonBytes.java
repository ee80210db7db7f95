package io.marketstream.feed.convert;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A buffer for one JSON document after another, in UTF-8 and spelled as Jackson does. Not
 * thread-safe.
 */
final class JsonBytes {
  private static final int INITIAL_CAPACITY = 1 << 10;

  /** A larger buffer, which an unusually long document needs, is not reused. */
  private static final int MAX_RETAINED_CAPACITY = 1 << 16;

  private static final int MAX_TEXT_LENGTH = 1 << 20;

  /** As in {@code \u001F}. */
  private static final int MAX_BYTES_PER_CHAR = 6;

  /** The number of digits of {@link Long#MAX_VALUE}. */
  private static final int MAX_DIGITS = 19;

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** By ASCII char: 0 for no escape, {@code 'u'}, or the letter of its escape. */
  private static final byte[] ESCAPES = new byte[0x80];

  static {
    Arrays.fill(ESCAPES, 0, 0x20, (byte) 'u');
    ESCAPES['\b'] = 'b';
    ESCAPES['\t'] = 't';
    ESCAPES['\n'] = 'n';
    ESCAPES['\f'] = 'f';
    ESCAPES['\r'] = 'r';
    ESCAPES['"'] = '"';
    ESCAPES['\\'] = '\\';
  }

  /** The digits of a number, filled from the end. */
  private final byte[] digits = new byte[MAX_DIGITS];

  private byte[] bytes = new byte[INITIAL_CAPACITY];
  private int length;

  /** Starts a new document. */
  void reset() {
    length = 0;
    if (bytes.length > MAX_RETAINED_CAPACITY) {
      bytes = new byte[INITIAL_CAPACITY];
    }
  }

  /** A copy of the document so far. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Appends a structural character of JSON. */
  void structure(char ascii) {
    ensureCapacity(1);
    bytes[length++] = (byte) ascii;
  }

  /** Appends bytes as they are. */
  void raw(byte[] utf8) {
    ensureCapacity(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  /** Appends a whole number. */
  void number(long value) {
    if (value < 0) {
      raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    int first = MAX_DIGITS;
    long rest = value;
    while (rest >= 100) {
      long hundreds = rest / 100;
      first -= 2;
      digitPair((int) (rest - 100 * hundreds), first);
      rest = hundreds;
    }
    if (rest >= 10) {
      first -= 2;
      digitPair((int) rest, first);
    } else {
      digits[--first] = (byte) ('0' + rest);
    }
    ensureCapacity(MAX_DIGITS);
    System.arraycopy(digits, first, bytes, length, MAX_DIGITS - first);
    length += MAX_DIGITS - first;
  }

  private void digitPair(int pair, int at) {
    digits[at] = (byte) ('0' + pair / 10);
    digits[at + 1] = (byte) ('0' + pair % 10);
  }

  /**
   * Appends a text in quotes.
   *
   * @return whether it could be written; otherwise the document is incomplete. A text with
   *     surrogates cannot be written, because their spelling depends on the version of Jackson. Nor
   *     can a very long text, which could need six times as many bytes
   */
  boolean text(String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      return false;
    }
    ensureCapacity(MAX_BYTES_PER_CHAR * text.length() + 2);
    byte[] to = bytes;
    int at = length;
    to[at++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        if (Character.isSurrogate(c)) {
          return false;
        }
        at = nonAscii(c, to, at);
      } else if (ESCAPES[c] == 0) {
        to[at++] = (byte) c;
      } else {
        at = escaped(c, to, at);
      }
    }
    to[at++] = '"';
    length = at;
    return true;
  }

  private static int nonAscii(char c, byte[] to, int from) {
    int at = from;
    if (c < 0x800) {
      to[at++] = (byte) (0xC0 | (c >> 6));
    } else {
      to[at++] = (byte) (0xE0 | (c >> 12));
      to[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
    }
    to[at++] = (byte) (0x80 | (c & 0x3F));
    return at;
  }

  private static int escaped(char c, byte[] to, int from) {
    int at = from;
    to[at++] = '\\';
    to[at++] = ESCAPES[c];
    if (ESCAPES[c] == 'u') {
      to[at++] = '0';
      to[at++] = '0';
      to[at++] = HEX[c >> 4];
      to[at++] = HEX[c & 0xF];
    }
    return at;
  }

  private void ensureCapacity(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + bytes.length / 2));
    }
  }
}
