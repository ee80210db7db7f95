package io.marketstream.auditor.evidence;

import io.marketstream.model.CandleKind;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A candle as the table has it.
 *
 * @param interval its name, {@code 1m}
 * @param openTime epoch ms
 * @param open null, as are high, low and close, where nothing set a price
 * @param vwap null where the volume is 0
 * @param kind what set the prices: {@code trade}, {@code extended} or {@code price}
 */
public record Candle(
    String interval,
    long openTime,
    BigDecimal open,
    BigDecimal high,
    BigDecimal low,
    BigDecimal close,
    BigDecimal volume,
    BigDecimal vwap,
    long trades,
    String kind)
    implements Serializable {

  /** Trades outside the regular session set the prices. */
  public static final String EXTENDED = CandleKind.EXTENDED.wireName();

  /**
   * What another candle has otherwise.
   *
   * @param exactly whether a decimal of another scale counts as other
   */
  public List<String> differences(Candle found, boolean exactly) {
    List<String> differences = new ArrayList<>();
    compare(differences, "open", open, found.open, exactly);
    compare(differences, "high", high, found.high, exactly);
    compare(differences, "low", low, found.low, exactly);
    compare(differences, "close", close, found.close, exactly);
    compare(differences, "volume", volume, found.volume, exactly);
    compare(differences, "vwap", vwap, found.vwap, exactly);
    if (trades != found.trades) {
      differences.add("trades is " + found.trades + ", not " + trades);
    }
    if (!Objects.equals(kind, found.kind)) {
      differences.add("kind is " + found.kind + ", not " + kind);
    }
    return differences;
  }

  private static void compare(
      List<String> differences,
      String field,
      BigDecimal expected,
      BigDecimal found,
      boolean exactly) {
    boolean same =
        exactly || expected == null || found == null
            ? Objects.equals(expected, found)
            : expected.compareTo(found) == 0;
    if (!same) {
      differences.add(field + " is " + found + ", not " + expected);
    }
  }
}
