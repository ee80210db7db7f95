package io.marketstream.spark.cassandra;

/** Cassandra did not accept a write, or did not answer. */
public final class WriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
