package io.marketstream.model;

import java.time.Instant;

/** The limits of a tick's values. Input beyond a limit is rejected, and never cut to fit. */
public final class Limits {
  /** The longest symbol, in characters (UTF-16 units). */
  public static final int MAX_SYMBOL_LENGTH = 128;

  /** The longest trade id, in characters. */
  public static final int MAX_TRADE_ID_LENGTH = 64;

  /** The largest number of condition codes of a tick. */
  public static final int MAX_CONDITIONS = 64;

  /** The longest condition code, in characters. */
  public static final int MAX_CONDITION_LENGTH = 32;

  /** The largest number of significant digits of a decimal. */
  public static final int MAX_DECIMAL_DIGITS = 40;

  /** The largest magnitude of the decimal exponent of a decimal's first digit. */
  public static final int MAX_DECIMAL_EXPONENT = 40;

  /** The longest text of a decimal: sign, leading zeros, digits, point and exponent. */
  public static final int MAX_DECIMAL_LENGTH = 2 * (MAX_DECIMAL_DIGITS + MAX_DECIMAL_EXPONENT);

  /** The form of a source's name, as a regular expression. */
  public static final String SOURCE_PATTERN = "[a-z][a-z0-9-]{0,31}";

  /** The earliest time of a tick, epoch ms: no feed reports older trades. */
  public static final long MIN_TIME_MS = Instant.parse("1990-01-01T00:00:00Z").toEpochMilli();

  /** The latest time of a tick, epoch ms. */
  public static final long MAX_TIME_MS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  private Limits() {}
}
