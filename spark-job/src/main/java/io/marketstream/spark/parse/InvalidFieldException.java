package io.marketstream.spark.parse;

import io.marketstream.model.RejectReason;
import org.jspecify.annotations.Nullable;

/** A field of a record is invalid. Only the parser handles this exception. */
final class InvalidFieldException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  InvalidFieldException(RejectReason reason, @Nullable String detail) {
    // No stack trace: hostile input causes many of these, and nobody reads where they were thrown.
    super(detail, null, false, false);
    this.reason = reason;
  }

  RejectReason reason() {
    return reason;
  }
}
