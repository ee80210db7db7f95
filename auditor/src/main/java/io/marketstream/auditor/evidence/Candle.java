package io.marketstream.auditor.evidence;

import io.marketstream.model.CandleKind;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table {@code candles}.
 *
 * @param interval the name of the interval, for example {@code 1m}
 * @param openTime epoch ms
 * @param open null, like high, low and close, if no tick set a price
 * @param vwap null if the volume is 0
 * @param kind what set the prices: the wire name of a {@link CandleKind}
 */
public record Candle(
    String interval,
    long openTime,
    @Nullable BigDecimal open,
    @Nullable BigDecimal high,
    @Nullable BigDecimal low,
    @Nullable BigDecimal close,
    BigDecimal volume,
    @Nullable BigDecimal vwap,
    long trades,
    String kind)
    implements Serializable {

  /** The kind of a candle whose prices come from trades outside the regular session. */
  public static final String EXTENDED = CandleKind.EXTENDED.wireName();

  /**
   * Lists the fields in which another candle differs.
   *
   * @param exactly whether decimals with different scales differ
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

  @SuppressWarnings("BigDecimalEquals") // with exactly, another scale is a difference
  private static void compare(
      List<String> differences,
      String field,
      @Nullable BigDecimal expected,
      @Nullable BigDecimal found,
      boolean exactly) {
    boolean same =
        (exactly || expected == null || found == null)
            ? Objects.equals(expected, found)
            : expected.compareTo(found) == 0;
    if (!same) {
      differences.add(field + " is " + found + ", not " + expected);
    }
  }
}
