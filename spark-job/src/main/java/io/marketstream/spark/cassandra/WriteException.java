package io.marketstream.spark.cassandra;

/** What Cassandra did not take. Its stack names the driver, by which the supervisor knows it. */
public final class WriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
