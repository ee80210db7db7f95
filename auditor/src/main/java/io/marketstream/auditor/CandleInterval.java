package io.marketstream.auditor;

import java.io.Serializable;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The length of a candle, aligned to UTC midnight.
 *
 * @param name as the table has it, {@code 1m}
 * @param millis its length, a divisor of a day
 */
public record CandleInterval(String name, long millis) implements Serializable {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
  private static final Map<String, Long> UNITS =
      Map.of("s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  /**
   * @throws IllegalArgumentException if the text is no interval
   */
  public static CandleInterval parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (matcher.matches()) {
      long millis = Long.parseLong(matcher.group(1)) * UNITS.get(matcher.group(2));
      if (UNITS.get("d") % millis == 0) {
        return new CandleInterval(text.strip(), millis);
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no interval of candles. Write one that divides a day, like 1m, 5m or 1h");
  }

  /** When the candle of an event time opens, epoch ms. */
  public long openTime(long eventTime) {
    return Math.floorDiv(eventTime, millis) * millis;
  }
}
