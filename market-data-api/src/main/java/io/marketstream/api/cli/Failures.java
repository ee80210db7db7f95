package io.marketstream.api.cli;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import org.jspecify.annotations.Nullable;

/** Texts of failures, for messages of one line. */
final class Failures {
  private Failures() {}

  /** The message of the first cause, or its class if it has no message. */
  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof AllNodesFailedException all && !all.getAllErrors().isEmpty()) {
      // Its own message is a list of what every node has said, for programmers.
      return rootMessage(all.getAllErrors().values().iterator().next().get(0));
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  static String oneLine(@Nullable String message) {
    return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
