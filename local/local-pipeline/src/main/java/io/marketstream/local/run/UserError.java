package io.marketstream.local.run;

/**
 * Something that the person at the terminal can put right. The message is one line: what is wrong,
 * what to do.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(message);
  }

  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
