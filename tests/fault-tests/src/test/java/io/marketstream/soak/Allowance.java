package io.marketstream.soak;

/**
 * How much a quantity may grow and still count as flat: the larger of both parts.
 *
 * @param share of the first value; 0.1 is a tenth
 * @param slack in the quantity's own unit, for quantities whose first value is small
 */
record Allowance(double share, double slack) {

  /** Returns the largest value that may follow this one. */
  double above(double value) {
    return value + Math.max(share * value, slack);
  }
}
