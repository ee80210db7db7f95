package io.marketstream.auditor;

/**
 * An audit that cannot be made. The message is one line for the person at the terminal: what is
 * wrong, what to do.
 */
public final class AuditRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AuditRefusal(String message) {
    super(message);
  }

  public AuditRefusal(String message, Throwable cause) {
    super(message, cause);
  }
}
