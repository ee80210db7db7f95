package io.marketstream.embedded.component;

/** A Connect worker answered a REST call with an error. */
public final class ConnectRestException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;

  ConnectRestException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Returns the HTTP status of the answer. */
  public int status() {
    return status;
  }
}
