package io.marketstream.local.run;

/**
 * Something that the person at the terminal can put right. The message is one line: what is wrong,
 * what to do.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
