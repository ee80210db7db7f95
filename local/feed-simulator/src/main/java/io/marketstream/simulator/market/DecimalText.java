package io.marketstream.simulator.market;

/** Decimal numbers as scaled longs, and their text. */
final class DecimalText {

  private DecimalText() {}

  /** {@code unscaled / 10^scale} in plain notation with exactly {@code scale} decimals. */
  static String fixed(long unscaled, int scale) {
    String digits = Long.toString(unscaled);
    if (scale == 0) {
      return digits;
    }
    if (digits.length() <= scale) {
      digits = "0".repeat(scale - digits.length() + 1) + digits;
    }
    int point = digits.length() - scale;
    return digits.substring(0, point) + "." + digits.substring(point);
  }

  /** The same without trailing zeros, and without a point if it is whole. */
  static String shortest(long unscaled, int scale) {
    long value = unscaled;
    int decimals = scale;
    while (decimals > 0 && value % 10 == 0) {
      value /= 10;
      decimals--;
    }
    return fixed(value, decimals);
  }

  static long powerOfTen(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }
}
