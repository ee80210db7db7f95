package io.marketstream.api.status;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import io.marketstream.api.cassandra.DatabaseUnavailableException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why something could not be read, in one line. */
final class Reasons {
  private Reasons() {}

  static String of(Throwable failure) {
    Throwable outer = failure;
    while ((outer instanceof CompletionException || outer instanceof ExecutionException)
        && outer.getCause() != null) {
      outer = outer.getCause();
    }
    Throwable telling = outer;
    for (Throwable each = outer; each != null; each = each.getCause()) {
      if (each instanceof AllNodesFailedException all && !all.getAllErrors().isEmpty()) {
        return prefix(outer) + of(all.getAllErrors().values().iterator().next().get(0));
      }
      if (each.getMessage() != null || each instanceof ConnectException) {
        telling = each; // the last one that says something
      }
    }
    return prefix(outer) + oneLine(telling);
  }

  /** Which cluster it is about. */
  private static String prefix(Throwable outer) {
    return outer instanceof DatabaseUnavailableException && outer.getCause() != null
        ? outer.getMessage() + ": "
        : "";
  }

  private static String oneLine(Throwable failure) {
    String text = failure.getMessage();
    String silent =
        failure instanceof ConnectException ? "cannot connect" : failure.getClass().getSimpleName();
    return (text == null ? silent : text).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
