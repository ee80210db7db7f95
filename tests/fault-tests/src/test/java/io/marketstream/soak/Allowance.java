package io.marketstream.soak;

/**
 * What a quantity may grow by and still be called flat: the larger of both.
 *
 * @param share of its first value; 0.1 is a tenth
 * @param slack in the quantity's own unit, for one whose first value is small
 */
record Allowance(double share, double slack) {

  /** The most that may follow on this value. */
  double above(double value) {
    return value + Math.max(share * value, slack);
  }
}
