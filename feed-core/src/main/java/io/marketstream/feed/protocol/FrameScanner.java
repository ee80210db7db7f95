package io.marketstream.feed.protocol;

import io.marketstream.model.Limits;

/**
 * Reads a frame from left to right without a JSON parser. For frames that a feed writes in one way
 * only: whoever extends it gives up at whatever is not written so, and leaves it to a parser. One
 * frame, one thread.
 */
public abstract class FrameScanner {
  protected final String frame;

  /** The place of the next character that is not read yet. */
  protected int at;

  protected FrameScanner(String frame) {
    this.frame = frame;
  }

  /** Steps over the text, if it is next. */
  protected final boolean skip(String expected) {
    if (!frame.startsWith(expected, at)) {
      return false;
    }
    at += expected.length();
    return true;
  }

  protected final boolean atEnd() {
    return at == frame.length();
  }

  /**
   * A number that is not negative, in plain notation, as it stands; null for anything else, and for
   * more than {@value Limits#MAX_DECIMAL_DIGITS} characters. So few are within {@link
   * WireDecimal}'s bounds: they need no check.
   */
  protected final String decimal() {
    int start = at;
    if (!wholeNumber() || (skip(".") && !digits()) || at - start > Limits.MAX_DECIMAL_DIGITS) {
      return null;
    }
    return frame.substring(start, at);
  }

  /** Steps over digits. A plain number has no zeros before other digits. */
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
