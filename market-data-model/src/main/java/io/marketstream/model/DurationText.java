package io.marketstream.model;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the options of all commands spell them: {@code 500ms}, {@code 60s}, {@code 5m},
 * {@code 2h}, {@code 7d}.
 */
public final class DurationText {
  private static final Pattern SPELLING = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private DurationText() {}

  /**
   * Reads a duration, which may be zero. Spaces around it are ignored.
   *
   * @throws IllegalArgumentException if the text has another form; its message quotes the text
   */
  public static Duration parse(String text) {
    Matcher spelling = SPELLING.matcher(text.strip());
    if (!spelling.matches()) {
      throw refused(text);
    }
    long number = Long.parseLong(spelling.group(1));
    return switch (spelling.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /**
   * Reads a duration that is longer than zero.
   *
   * @throws IllegalArgumentException as {@link #parse}, or if the duration is zero
   */
  public static Duration parsePositive(String text) {
    Duration duration = parse(text);
    if (duration.isZero()) {
      throw refused(text);
    }
    return duration;
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is not a duration. Write a number and its unit, such as 500ms, 60s, 5m, 2h or 7d");
  }
}
