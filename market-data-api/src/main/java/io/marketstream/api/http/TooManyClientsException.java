package io.marketstream.api.http;

/** The stream has as many clients as it serves. */
final class TooManyClientsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyClientsException(int max) {
    super("There are already " + max + " clients of the stream. Try again later");
  }
}
