package io.marketstream.spark.settings;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations of options: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, {@code 1d}. */
final class Durations {
  private static final Pattern SPELLING = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Returns the duration in ms.
   *
   * @param option the name of the option, for the message
   * @throws IllegalArgumentException if the text is not such a duration
   */
  static long parseMillis(String option, String text) {
    Matcher spelling = SPELLING.matcher(text);
    if (!spelling.matches()) {
      throw new IllegalArgumentException(
          option
              + " '"
              + text
              + "' is not a duration: write a number and ms, s, m, h or d, such as 30s");
    }
    TimeUnit unit =
        switch (spelling.group(2)) {
          case "ms" -> TimeUnit.MILLISECONDS;
          case "s" -> TimeUnit.SECONDS;
          case "m" -> TimeUnit.MINUTES;
          case "h" -> TimeUnit.HOURS;
          default -> TimeUnit.DAYS;
        };
    return unit.toMillis(Long.parseLong(spelling.group(1)));
  }
}
