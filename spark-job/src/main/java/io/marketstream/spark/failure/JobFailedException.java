package io.marketstream.spark.failure;

import org.jspecify.annotations.Nullable;

/** The job cannot continue. The message is one line that says why and what to do. */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFailedException(String message) {
    super(message);
  }

  public JobFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
