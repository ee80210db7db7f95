package io.marketstream.spark.record;

import org.jspecify.annotations.Nullable;

/** Trade ids as numbers. Venues count the trades of a product 1, 2, 3 …. */
public final class TradeIds {
  /** Stands for a tick without a trade id, and for an id that is not a number. */
  public static final long NO_NUMBER = -1;

  private static final int MAX_DIGITS = 19;

  private TradeIds() {}

  /**
   * Returns the number of a trade id, or {@link #NO_NUMBER}.
   *
   * <p>A number is written with digits alone, without zeros in front, and fits 64 bits. Two
   * different texts therefore never have the same number.
   *
   * @param tradeId null for a tick without an id
   */
  public static long number(@Nullable String tradeId) {
    if (tradeId == null || tradeId.isEmpty() || tradeId.length() > MAX_DIGITS) {
      return NO_NUMBER;
    }
    if (tradeId.charAt(0) == '0' && tradeId.length() > 1) {
      return NO_NUMBER;
    }
    long number = 0;
    for (int i = 0; i < tradeId.length(); i++) {
      int digit = tradeId.charAt(i) - '0';
      if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
        return NO_NUMBER;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
