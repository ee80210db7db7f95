package io.marketstream.spark.cassandra;

/** A record cannot be encoded as a row, because of a defect of the job. */
public final class UnwritableRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnwritableRowException(Throwable cause) {
    super(String.valueOf(cause), cause);
  }
}
