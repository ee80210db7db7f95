package io.marketstream.auditor.evidence;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Trade ids as numbers: venues count the trades of a product 1, 2, 3 …. */
public final class TradeNumber {
  /** Of a tick without a trade id, and of an id that is not a plain integer of 64 bits. */
  public static final long NONE = -1;

  private static final Pattern PLAIN = Pattern.compile("0|[1-9][0-9]{0,18}");

  private TradeNumber() {}

  /** Returns the number of a trade id, or {@link #NONE}. */
  public static long of(@Nullable String tradeId) {
    if (tradeId == null || !PLAIN.matcher(tradeId).matches()) {
      return NONE;
    }
    try {
      return Long.parseLong(tradeId);
    } catch (NumberFormatException e) {
      return NONE; // more than 64 bits
    }
  }
}
