package io.marketstream.spark.parse;

import io.marketstream.model.Limits;
import io.marketstream.model.RejectReason;
import java.math.BigDecimal;

/**
 * Checks that a decimal has at most 40 significant digits and a magnitude within 10^±40.
 *
 * <p>It checks the text before it creates a number, so {@code 1e999999999} never becomes a number
 * of a billion digits.
 */
final class DecimalText {
  /** Text without exponent up to this length is always within the bounds. */
  private static final int MAX_UNCHECKED_LENGTH = 38;

  private DecimalText() {}

  /**
   * Returns the text.
   *
   * @throws InvalidFieldException if it is not a decimal within the bounds
   */
  static String checked(String field, String text) throws InvalidFieldException {
    int length = text.length();
    if (length > Limits.MAX_DECIMAL_LENGTH) {
      throw bad(field, "has " + length + " characters");
    }
    int at = length > 0 && text.charAt(0) == '-' ? 1 : 0;
    int afterInteger = skipDigits(text, at);
    if (afterInteger == at) {
      throw bad(field, "is not a decimal: " + quoted(text));
    }
    at = afterInteger;
    if (at < length && text.charAt(at) == '.') {
      int afterFraction = skipDigits(text, at + 1);
      if (afterFraction == at + 1) {
        throw bad(field, "is not a decimal: " + quoted(text));
      }
      at = afterFraction;
    }
    if (at == length && length <= MAX_UNCHECKED_LENGTH) {
      return text;
    }
    if (at < length) {
      requireExponent(field, text, at);
    }
    requireBounds(field, new BigDecimal(text));
    return text;
  }

  private static void requireExponent(String field, String text, int at)
      throws InvalidFieldException {
    char mark = text.charAt(at);
    int digits = at + 1;
    if (digits < text.length() && (text.charAt(digits) == '-' || text.charAt(digits) == '+')) {
      digits++;
    }
    int end = skipDigits(text, digits);
    if ((mark != 'e' && mark != 'E') || end == digits || end != text.length()) {
      throw bad(field, "is not a decimal: " + quoted(text));
    }
    if (end - digits > 3) {
      throw bad(
          field, "has an exponent beyond ±" + Limits.MAX_DECIMAL_EXPONENT + ": " + quoted(text));
    }
  }

  private static void requireBounds(String field, BigDecimal value) throws InvalidFieldException {
    BigDecimal stripped = value.stripTrailingZeros();
    if (stripped.precision() > Limits.MAX_DECIMAL_DIGITS) {
      throw bad(field, "has " + stripped.precision() + " significant digits");
    }
    int exponent = stripped.precision() - stripped.scale() - 1;
    // The scale as written counts too, because a zero may have any exponent.
    boolean scaleInBounds =
        value.scale() >= -Limits.MAX_DECIMAL_EXPONENT && value.scale() <= Limits.MAX_DECIMAL_LENGTH;
    if (Math.abs(exponent) > Limits.MAX_DECIMAL_EXPONENT || !scaleInBounds) {
      throw bad(field, "has an exponent beyond ±" + Limits.MAX_DECIMAL_EXPONENT);
    }
  }

  private static int skipDigits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static String quoted(String text) {
    return "\"" + (text.length() <= 40 ? text : FieldValues.cut(text, 40) + "…") + "\"";
  }

  private static InvalidFieldException bad(String field, String what) {
    return new InvalidFieldException(RejectReason.INVALID_DECIMAL, field + " " + what);
  }
}
