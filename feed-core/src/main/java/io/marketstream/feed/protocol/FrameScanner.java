package io.marketstream.feed.protocol;

import io.marketstream.model.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame from left to right without a JSON parser, which is faster. It is for frames that a
 * feed always writes in the same form. A subclass stops at anything else and leaves the frame to a
 * parser. An instance reads one frame on one thread.
 */
public abstract class FrameScanner {
  protected final String frame;

  /** The index of the next character to read. */
  protected int at;

  protected FrameScanner(String frame) {
    this.frame = frame;
  }

  /** Skips the text if it is next; returns whether it was. */
  protected final boolean skip(String expected) {
    if (!frame.startsWith(expected, at)) {
      return false;
    }
    at += expected.length();
    return true;
  }

  /** Whether the whole frame has been read. */
  protected final boolean atEnd() {
    return at == frame.length();
  }

  /**
   * A non-negative number in plain notation; null for anything else, and for more than {@value
   * Limits#MAX_DECIMAL_DIGITS} characters. A shorter number is always within the limits of {@link
   * WireDecimal}.
   */
  protected final @Nullable String decimal() {
    int start = at;
    if (!wholeNumber() || (skip(".") && !digits()) || at - start > Limits.MAX_DECIMAL_DIGITS) {
      return null;
    }
    return frame.substring(start, at);
  }

  /** Skips a whole number without leading zeros; returns whether there was one. */
  protected final boolean wholeNumber() {
    int start = at;
    return digits() && (frame.charAt(start) != '0' || at == start + 1);
  }

  private boolean digits() {
    int start = at;
    while (at < frame.length() && frame.charAt(at) >= '0' && frame.charAt(at) <= '9') {
      at++;
    }
    return at > start;
  }
}
