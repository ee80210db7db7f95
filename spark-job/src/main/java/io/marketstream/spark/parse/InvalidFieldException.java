package io.marketstream.spark.parse;

import io.marketstream.model.RejectReason;

/** One field is not what the contract says. Carried no further than the parser. */
final class InvalidFieldException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  InvalidFieldException(RejectReason reason, String detail) {
    // Hostile input makes many of these, and nobody reads where they were thrown.
    super(detail, null, false, false);
    this.reason = reason;
  }

  RejectReason reason() {
    return reason;
  }
}
