package io.marketstream.feed.convert;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes one JSON document after the other, in UTF-8 and with the spelling of Jackson. Not for
 * several threads.
 */
final class JsonBytes {
  private static final int FIRST_ROOM = 1 << 10;

  /** What a document of unusual length needed is not kept for the next one. */
  private static final int MOST_KEPT_ROOM = 1 << 16;

  private static final int LONGEST_TEXT = 1 << 20;

  /** Six bytes for one char, as in {@code \u001F}. */
  private static final int LONGEST_CHAR = 6;

  /** In digits; the longest is {@link Long#MAX_VALUE}. */
  private static final int LONGEST_NUMBER = 19;

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** By ASCII char: 0 where it stands for itself, {@code 'u'}, or the letter of its escape. */
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

  /** Of a number, from its last digit on. */
  private final byte[] digits = new byte[LONGEST_NUMBER];

  private byte[] bytes = new byte[FIRST_ROOM];
  private int length;

  /** Begins a document. */
  void reset() {
    length = 0;
    if (bytes.length > MOST_KEPT_ROOM) {
      bytes = new byte[FIRST_ROOM];
    }
  }

  /** A copy of the document so far. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** A character of JSON's own. */
  void structure(char ascii) {
    makeRoom(1);
    bytes[length++] = (byte) ascii;
  }

  void raw(byte[] utf8) {
    makeRoom(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  void number(long value) {
    if (value < 0) {
      raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    int first = LONGEST_NUMBER;
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
    makeRoom(LONGEST_NUMBER);
    System.arraycopy(digits, first, bytes, length, LONGEST_NUMBER - first);
    length += LONGEST_NUMBER - first;
  }

  private void digitPair(int pair, int at) {
    digits[at] = (byte) ('0' + pair / 10);
    digits[at + 1] = (byte) ('0' + pair % 10);
  }

  /**
   * A text in quotes.
   *
   * @return whether it could be written. One with surrogates cannot: how Jackson spells them is a
   *     matter of its version. Nor can one of a million chars: room for it would be six times as
   *     much. Then the document is broken.
   */
  boolean text(String text) {
    if (text.length() > LONGEST_TEXT) {
      return false;
    }
    makeRoom(LONGEST_CHAR * text.length() + 2);
    byte[] to = bytes;
    int at = length;
    to[at++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        if (Character.isSurrogate(c)) {
          return false;
        }
        at = beyondAscii(c, to, at);
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

  private static int beyondAscii(char c, byte[] to, int from) {
    int at = from;
    if (c < 0x800) {
      to[at++] = (byte) (0xC0 | c >> 6);
    } else {
      to[at++] = (byte) (0xE0 | c >> 12);
      to[at++] = (byte) (0x80 | c >> 6 & 0x3F);
    }
    to[at++] = (byte) (0x80 | c & 0x3F);
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

  private void makeRoom(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + bytes.length / 2));
    }
  }
}
