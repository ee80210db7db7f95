package io.marketstream.auditor.cluster;

/**
 * An audit that cannot be made. The message is one line for the person at the terminal: what is
 * wrong, what to do.
 */
public final class AuditRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AuditRefusedException(String message) {
    super(message);
  }

  public AuditRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
