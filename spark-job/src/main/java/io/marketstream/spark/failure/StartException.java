package io.marketstream.spark.failure;

import org.jspecify.annotations.Nullable;

/**
 * Something that the job needs is missing or does not answer. The message is one line that says
 * what is wrong and what to do.
 */
public class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartException(String message) {
    super(message);
  }

  public StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
