package io.marketstream.model;

import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The length of a candle. It divides a day, so candles start at UTC midnight and at the same times
 * of every day.
 *
 * @param name as written, for example {@code 5m}: the {@code interval} of the candles table
 * @param millis its length in ms
 */
public record CandleInterval(String name, long millis) implements Serializable {
  private static final Pattern SPELLING = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

  /**
   * Reads a number followed by {@code s}, {@code m}, {@code h} or {@code d}.
   *
   * @throws IllegalArgumentException if the text has another form or the interval does not divide a
   *     day
   */
  public static CandleInterval parse(String text) {
    Matcher spelling = SPELLING.matcher(text);
    if (spelling.matches()) {
      TimeUnit unit =
          switch (spelling.group(2).charAt(0)) {
            case 's' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MINUTES;
            case 'h' -> TimeUnit.HOURS;
            default -> TimeUnit.DAYS;
          };
      long millis = unit.toMillis(Long.parseLong(spelling.group(1)));
      if (TimeUnit.DAYS.toMillis(1) % millis == 0) {
        return new CandleInterval(text, millis);
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is not a candle interval. Write one that divides a day, such as 1m, 5m or 1h");
  }

  /** The start of the candle that holds the given instant (epoch ms). */
  public long openTime(long eventTime) {
    return Math.floorDiv(eventTime, millis) * millis;
  }
}
