package io.marketstream.auditor.cluster;

/**
 * Thrown when an audit cannot be made. The message is one line for the user: what is wrong, and
 * what to do.
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
