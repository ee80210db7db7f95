package io.marketstream.spark.cassandra;

/** A record that no row can be made of: a defect of the job, not of Cassandra. */
public final class UnwritableRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnwritableRowException(Throwable cause) {
    super(String.valueOf(cause), cause);
  }
}
