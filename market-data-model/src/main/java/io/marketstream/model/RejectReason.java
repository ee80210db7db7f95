package io.marketstream.model;

/**
 * Why an input was rejected. The names are the values of the field {@code reason}. Connectors
 * reject messages of a feed, and the job rejects records of a topic.
 */
public enum RejectReason {
  /** The input is not one JSON object (job: in UTF-8). */
  INVALID_JSON,
  /** A message of the feed is not valid UTF-8. */
  NOT_UTF8,
  /** The feed sent a binary message. */
  BINARY_FRAME,
  /** A message of the feed exceeds the limit. */
  FRAME_TOO_LARGE,
  /** The type of a message is not known. */
  UNKNOWN_TYPE,
  /** A field has another JSON type than the contract says, or occurs twice. */
  WRONG_TYPE,
  /** A required field is absent or null. */
  MISSING_FIELD,
  /** A field has the right type, but not one of its values. */
  INVALID_VALUE,
  /** A price or volume is not a decimal, or exceeds the limits of {@link Limits}. */
  INVALID_DECIMAL,
  /** A time is before 1990, after 9999, or too far in the future. */
  IMPLAUSIBLE_TIME,
  /** The feed sent a symbol to which the connector has not subscribed. */
  UNSUBSCRIBED_SYMBOL,
  /** The feed sent more symbols than a connector counts. This limit protects its memory. */
  TOO_MANY_SYMBOLS,
  /** The feed sent an error message. */
  FEED_ERROR,
  /** The value of a record is null. */
  TOMBSTONE,
  /** The job failed on the record in a way that nobody foresaw: a defect of the job. */
  INTERNAL_ERROR
}
