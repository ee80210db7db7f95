package io.marketstream.spark;

/**
 * The job cannot go on, and the message says what to do about it: one line, without a trace on the
 * terminal.
 */
public final class JobFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFailure(String message) {
    super(message);
  }

  public JobFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
