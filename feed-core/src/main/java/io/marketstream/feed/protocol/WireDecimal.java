package io.marketstream.feed.protocol;

import io.marketstream.model.Limits;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Converts decimal numbers of a feed to exact plain text. It accepts at most {@value
 * Limits#MAX_DECIMAL_DIGITS} significant digits and a decimal exponent within ±{@value
 * Limits#MAX_DECIMAL_EXPONENT}. It checks that first, so that {@code 1e999999999} costs nothing.
 */
public final class WireDecimal {

  private WireDecimal() {}

  /**
   * The number in plain notation, with its trailing zeros.
   *
   * @return null if the text is not a decimal number within the limits
   */
  public static @Nullable String plain(String text) {
    int length = text.length();
    if (length == 0 || length > Limits.MAX_DECIMAL_LENGTH) {
      return null;
    }
    int i = text.charAt(0) == '-' ? 1 : 0;
    int integerDigits = 0;
    int fractionDigits = 0;
    int leadingZeros = 0; // of the digits, integer and fraction together
    int digits = 0; // all digits
    boolean nonZero = false;
    boolean point = false;
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
        if (point) {
          fractionDigits++;
        } else {
          integerDigits++;
        }
        if (!nonZero) {
          if (c == '0') {
            leadingZeros++;
          } else {
            nonZero = true;
          }
        }
      } else if (c == '.' && !point && integerDigits > 0) {
        point = true;
      } else {
        break;
      }
    }
    if (integerDigits == 0 || (point && fractionDigits == 0)) {
      return null;
    }
    int exponent = 0;
    if (i < length) {
      Integer parsed = exponent(text, i);
      if (parsed == null) {
        return null;
      }
      exponent = parsed;
    }
    if (!nonZero) {
      // Zero has no significant digits, but its scale must be limited too.
      int scale = fractionDigits - exponent;
      if (scale > Limits.MAX_DECIMAL_EXPONENT || scale < -Limits.MAX_DECIMAL_EXPONENT) {
        return null;
      }
    } else {
      int significant = digits - leadingZeros;
      int firstDigitExponent = integerDigits - 1 - leadingZeros + exponent;
      if (significant > Limits.MAX_DECIMAL_DIGITS
          || firstDigitExponent > Limits.MAX_DECIMAL_EXPONENT
          || firstDigitExponent < -Limits.MAX_DECIMAL_EXPONENT) {
        return null;
      }
    }
    boolean needlessZero = integerDigits > 1 && text.charAt(text.charAt(0) == '-' ? 1 : 0) == '0';
    return i < length || needlessZero ? new BigDecimal(text).toPlainString() : text;
  }

  /** Whether a result of {@link #plain} is zero. */
  public static boolean isZero(String plain) {
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c >= '1' && c <= '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether a result of {@link #plain} is negative. */
  public static boolean isNegative(String plain) {
    return plain.charAt(0) == '-' && !isZero(plain);
  }

  /** The exponent after the e at {@code from}; null if it is missing or too long. */
  private static @Nullable Integer exponent(String text, int from) {
    if (text.charAt(from) != 'e' && text.charAt(from) != 'E') {
      return null;
    }
    int i = from + 1;
    if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      i++;
    }
    int digits = text.length() - i;
    if (digits < 1 || digits > 4) {
      return null;
    }
    for (int k = i; k < text.length(); k++) {
      if (text.charAt(k) < '0' || text.charAt(k) > '9') {
        return null;
      }
    }
    return Integer.valueOf(text.substring(from + 1));
  }
}
