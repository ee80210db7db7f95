package io.marketstream.api.status;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them. */
final class Words {
  private static final int SECOND = 1_000;
  private static final int MINUTE = 60 * SECOND;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private Words() {}

  static String duration(long millis) {
    long size = Math.abs(millis);
    if (size < SECOND) {
      return millis + " ms";
    }
    if (size < MINUTE) {
      return number(millis, SECOND) + " s";
    }
    if (size < HOUR) {
      return number(millis, MINUTE) + " min";
    }
    return size < DAY ? number(millis, HOUR) + " h" : number(millis, DAY) + " days";
  }

  /** How long ago a time was; a dash without one. */
  static String ago(@Nullable Long time, long now) {
    return time == null ? "-" : duration(Math.max(0, now - time)) + " ago";
  }

  static String count(long number, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String number(long millis, int unit) {
    return String.format(Locale.ROOT, "%.1f", (double) millis / unit);
  }
}
