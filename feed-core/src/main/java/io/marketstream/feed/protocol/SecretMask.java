package io.marketstream.feed.protocol;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Masks secrets in text from outside, before it reaches a record, an offset or a log.
 *
 * <p>It finds a secret in every spelling in which a feed or a proxy may send it back: plain,
 * URL-encoded, escaped as JSON, in hex and in base64. It also finds pieces of at least {@value
 * #MIN_PIECE_LENGTH} characters, because the sender may have cut the text. A shorter secret is
 * found only as a whole. Immutable.
 */
public final class SecretMask {

  /** Shorter pieces are not masked, because they also occur by chance. */
  public static final int MIN_PIECE_LENGTH = 12;

  private static final String MASK = "***";
  // The hex and base64 spelling of a shorter secret also occurs by chance.
  private static final int MIN_ENCODED_LENGTH = 6;
  // An escape may itself be escaped, if JSON or a URL is quoted in JSON.
  private static final int ESCAPE_LEVELS = 3;

  /**
   * One spelling of a secret. Any piece of at least {@code minLength} characters contains one of
   * the blocks, so a search for the blocks finds every such piece.
   */
  private record Needle(String spelling, int minLength, List<String> blocks, int blockLength) {

    static Needle of(String spelling, int minPieceLength) {
      int minLength = Math.min(spelling.length(), minPieceLength);
      int blockLength = minLength < minPieceLength ? minLength : minLength / 2;
      List<String> blocks = new ArrayList<>();
      for (int at = 0; at + blockLength <= spelling.length(); at += blockLength) {
        blocks.add(spelling.substring(at, at + blockLength));
      }
      return new Needle(spelling, minLength, blocks, blockLength);
    }

    /** Marks the characters of the text that belong to a piece of the secret. */
    void mark(String text, BitSet found) {
      for (int block = 0; block < blocks.size(); block++) {
        int at = text.indexOf(blocks.get(block));
        while (at >= 0) {
          at = text.indexOf(blocks.get(block), markAround(text, at, block * blockLength, found));
        }
      }
    }

    /**
     * Marks the piece around a block that was found.
     *
     * @return where to continue the search
     */
    private int markAround(String text, int at, int inSpelling, BitSet found) {
      int from = 0;
      while (from < at
          && from < inSpelling
          && text.charAt(at - from - 1) == spelling.charAt(inSpelling - from - 1)) {
        from++;
      }
      int to = blockLength;
      while (at + to < text.length()
          && inSpelling + to < spelling.length()
          && text.charAt(at + to) == spelling.charAt(inSpelling + to)) {
        to++;
      }
      if (from + to < minLength) {
        return at + 1;
      }
      found.set(at - from, at + to);
      return at + to;
    }
  }

  private final List<Needle> asWritten = new ArrayList<>();
  private final List<Needle> unescaped = new ArrayList<>();

  /**
   * @param secrets none of them empty
   */
  public SecretMask(String... secrets) {
    for (String secret : secrets) {
      add(secret);
    }
  }

  private void add(String secret) {
    byte[] utf8 = secret.getBytes(StandardCharsets.UTF_8);
    Needle plain = Needle.of(secret, MIN_PIECE_LENGTH);
    asWritten.add(plain);
    unescaped.add(plain);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    if (!encoded.equals(secret)) {
      asWritten.add(Needle.of(encoded, MIN_PIECE_LENGTH));
      // %C3%BC is two bytes, which become two characters here.
      unescaped.add(Needle.of(new String(utf8, StandardCharsets.ISO_8859_1), MIN_PIECE_LENGTH));
    }
    if (secret.length() >= MIN_ENCODED_LENGTH) {
      String hex = HexFormat.of().formatHex(utf8);
      asWritten.add(Needle.of(hex, 2 * MIN_PIECE_LENGTH));
      asWritten.add(Needle.of(hex.toUpperCase(Locale.ROOT), 2 * MIN_PIECE_LENGTH));
      for (int before = 0; before < 3; before++) {
        asWritten.add(Needle.of(base64(utf8, before), 4 * MIN_PIECE_LENGTH / 3));
      }
    }
  }

  /** The part of any base64 text with these bytes at an offset with this remainder modulo 3. */
  private static String base64(byte[] bytes, int before) {
    byte[] padded = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, padded, before, bytes.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(padded);
    int first = before == 0 ? 0 : before + 1; // characters that depend on the bytes before
    int last = text.length() - (padded.length % 3 == 0 ? 0 : 1);
    return text.substring(first, last);
  }

  /** The text with every secret, and every longer piece of one, replaced by {@code ***}. */
  public String apply(String text) {
    BitSet found = new BitSet();
    for (Needle needle : asWritten) {
      needle.mark(text, found);
    }
    if (text.indexOf('\\') >= 0 || text.indexOf('%') >= 0) {
      Unescaped reading = new Unescaped(text);
      for (int level = 0; level < ESCAPE_LEVELS && reading.unescape(); level++) {
        reading.mark(unescaped, found);
      }
    }
    return found.isEmpty() ? text : masked(text, found);
  }

  private static String masked(String text, BitSet found) {
    StringBuilder masked = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int from = found.nextSetBit(at);
      if (from < 0) {
        break;
      }
      masked.append(text, at, from).append(MASK);
      at = found.nextClearBit(from);
    }
    return masked.append(text, Math.min(at, text.length()), text.length()).toString();
  }

  /** A text with its escapes resolved, and the original position of each character. */
  private static final class Unescaped {
    private final int end;
    private String text;
    private int[] writtenAt;

    Unescaped(String written) {
      text = written;
      end = written.length();
      writtenAt = new int[end];
      for (int i = 0; i < end; i++) {
        writtenAt[i] = i;
      }
    }

    /** Resolves one level of escapes; returns whether there were any. */
    boolean unescape() {
      StringBuilder resolved = new StringBuilder(text.length());
      int[] at = new int[text.length()];
      int i = 0;
      while (i < text.length()) {
        at[resolved.length()] = writtenAt[i];
        i += resolve(i, resolved);
      }
      boolean any = resolved.length() < text.length();
      text = resolved.toString();
      writtenAt = at;
      return any;
    }

    /** Appends the character at i; returns the length of its spelling. */
    private int resolve(int i, StringBuilder resolved) {
      char c = text.charAt(i);
      if (c == '%' && hex(i + 1, 2) >= 0) {
        resolved.append((char) hex(i + 1, 2));
        return 3;
      }
      if (c == '\\' && i + 1 < text.length()) {
        char escaped = text.charAt(i + 1);
        if (escaped == 'u' && hex(i + 2, 4) >= 0) {
          resolved.append((char) hex(i + 2, 4));
          return 6;
        }
        if (escaped == '"' || escaped == '\\' || escaped == '/') {
          resolved.append(escaped);
          return 2;
        }
      }
      resolved.append(c);
      return 1;
    }

    /** Parses hex digits; returns a negative number if they are not hex digits. */
    private int hex(int from, int digits) {
      if (from + digits > text.length()) {
        return -1;
      }
      int number = 0;
      for (int i = from; i < from + digits; i++) {
        int digit = Character.digit(text.charAt(i), 16);
        if (digit < 0) {
          return -1;
        }
        number = 16 * number + digit;
      }
      return number;
    }

    void mark(List<Needle> needles, BitSet found) {
      BitSet here = new BitSet();
      for (Needle needle : needles) {
        needle.mark(text, here);
      }
      for (int i = here.nextSetBit(0); i >= 0; i = here.nextSetBit(i + 1)) {
        found.set(writtenAt[i], i + 1 < text.length() ? writtenAt[i + 1] : end);
      }
    }
  }
}
