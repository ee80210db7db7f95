package io.marketstream.spark.stream;

import java.util.List;

/**
 * Failures for want of room, on whichever disk of driver or executors. They pass once somebody has
 * made room, and a batch that is repeated before that cannot do any harm.
 */
final class FullDisk {
  /** By its words, as {@link FatalFailure}: of the system, of a user's quota, of HDFS's quotas. */
  private static final List<String> WORDS =
      List.of("No space left on device", "Disk quota exceeded", "SQuotaExceededException");

  private FullDisk() {}

  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = cause.toString();
      if (WORDS.stream().anyMatch(text::contains)) {
        return true;
      }
    }
    return false;
  }
}
