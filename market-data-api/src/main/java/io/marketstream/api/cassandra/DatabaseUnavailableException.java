package io.marketstream.api.cassandra;

import org.jspecify.annotations.Nullable;

/** Cassandra cannot be asked now. A later try may succeed. */
public final class DatabaseUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatabaseUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
