package io.marketstream.spark.stream;

import java.util.List;

/**
 * Recognizes failures because a disk of the driver or an executor is full.
 *
 * <p>They end when somebody frees space. Until then, repeating a batch does no harm.
 */
final class FullDiskFailure {
  /** The messages of the operating system, of a user's quota and of HDFS quotas. */
  private static final List<String> MESSAGES =
      List.of("No space left on device", "Disk quota exceeded", "SQuotaExceededException");

  private FullDiskFailure() {}

  /** Returns whether a full disk caused the failure. */
  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = cause.toString();
      if (MESSAGES.stream().anyMatch(text::contains)) {
        return true;
      }
    }
    return false;
  }
}
