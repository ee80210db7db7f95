package io.marketstream.spark.record;

/** Why a record was rejected; the name is what the rejected topic carries. */
public enum RejectReason {
  /** The value is null. */
  TOMBSTONE,
  /** The value is not one JSON object in UTF-8. */
  NOT_JSON,
  /** A required field is absent or null. */
  MISSING_FIELD,
  /** A field is of another JSON type than the contract says, or stands there twice. */
  WRONG_TYPE,
  /** A field is of the right type but not one of its values. */
  BAD_VALUE,
  /** A price or volume is not a decimal, or beyond 40 digits or an exponent of ±40. */
  BAD_DECIMAL,
  /** A time before 1990, after 9999, or an event further ahead of its receipt than tolerated. */
  IMPLAUSIBLE_TIME,
  /** The job failed on the record in a way that nobody foresaw: a defect of the job. */
  INTERNAL_ERROR
}
