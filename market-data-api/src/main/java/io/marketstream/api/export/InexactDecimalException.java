package io.marketstream.api.export;

import java.math.BigDecimal;

/** A decimal does not fit a column. It is never rounded. */
final class InexactDecimalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InexactDecimalException(String column, BigDecimal value, int scale) {
    super(
        column
            + " "
            + value
            + " does not fit a decimal of "
            + ParquetWriters.PRECISION
            + " digits, "
            + scale
            + " of them after the point");
  }
}
