package io.marketstream.feed.record;

/** Why an input was rejected. The names are the values of the field {@code reason}. */
public enum RejectReason {
  INVALID_JSON,
  NOT_UTF8,
  BINARY_FRAME,
  FRAME_TOO_LARGE,
  UNKNOWN_TYPE,
  WRONG_TYPE,
  MISSING_FIELD,
  INVALID_DECIMAL,
  IMPLAUSIBLE_TIME,
  UNSUBSCRIBED_SYMBOL,
  /** A feed that invents symbols without end must not fill the memory with their counters. */
  TOO_MANY_SYMBOLS,
  /** The feed's own error frame: an input that carries a complaint rather than data. */
  FEED_ERROR
}
