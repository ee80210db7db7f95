package io.marketstream.spark.candle;

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
   * Reads {@code N} followed by {@code s}, {@code m}, {@code h} or {@code d}.
   *
   * @throws IllegalArgumentException if it is spelled otherwise or does not divide a day
   */
  public static CandleInterval parse(String text) {
    Matcher spelling = SPELLING.matcher(text);
    if (!spelling.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no candle interval: write a number and s, m, h or d, such as 1m");
    }
    TimeUnit unit =
        switch (spelling.group(2).charAt(0)) {
          case 's' -> TimeUnit.SECONDS;
          case 'm' -> TimeUnit.MINUTES;
          case 'h' -> TimeUnit.HOURS;
          default -> TimeUnit.DAYS;
        };
    long millis = unit.toMillis(Long.parseLong(spelling.group(1)));
    if (TimeUnit.DAYS.toMillis(1) % millis != 0) {
      throw new IllegalArgumentException(
          "candle interval " + text + " does not divide a day: 5m, 15m, 1h or 1d would");
    }
    return new CandleInterval(text, millis);
  }

  /** The start of the candle that holds the given instant (epoch ms). */
  public long openTime(long eventTime) {
    return Math.floorDiv(eventTime, millis) * millis;
  }
}
