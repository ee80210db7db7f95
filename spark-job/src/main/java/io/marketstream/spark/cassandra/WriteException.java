package io.marketstream.spark.cassandra;

import org.jspecify.annotations.Nullable;

/** Cassandra did not accept a write, or did not answer. */
public final class WriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WriteException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
