package io.marketstream.auditor.venue;

/** The venue gave no usable answer. The message is one line, and says what to do. */
public final class VenueException extends Exception {
  private static final long serialVersionUID = 1L;

  public VenueException(String message) {
    super(message);
  }

  public VenueException(String message, Throwable cause) {
    super(message, cause);
  }
}
