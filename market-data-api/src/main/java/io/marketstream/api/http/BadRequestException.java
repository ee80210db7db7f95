package io.marketstream.api.http;

/** A parameter has a value that cannot be used. The message says which values can. */
final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String parameter;

  BadRequestException(String parameter, String message) {
    super(message);
    this.parameter = parameter;
  }

  String parameter() {
    return parameter;
  }
}
