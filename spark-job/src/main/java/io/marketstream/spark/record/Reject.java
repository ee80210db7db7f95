package io.marketstream.spark.record;

import io.marketstream.model.RejectReason;

/**
 * A Kafka record that could not be understood, with what is needed to find and mend it.
 *
 * @param at where it stands in Kafka; its {@link RecordPosition#origin() origin} is the reject's
 *     key
 * @param source the feed if the record names a well-formed one, else {@link #UNKNOWN_SOURCE}
 * @param reason why
 * @param detail what was wrong with which field
 * @param input the first 64 KiB of the value, as text or as {@code encoding} says; empty for a null
 *     value
 * @param encoding {@link #BASE64} where the value is not readable text; null where it is
 * @param receivedAt the record's own received_at, or its Kafka timestamp where that cannot be read;
 *     epoch ms
 * @param session null where it cannot be read
 */
public record Reject(
    RecordPosition at,
    String source,
    RejectReason reason,
    String detail,
    String input,
    String encoding,
    long receivedAt,
    Long session)
    implements MarketRecord {

  /** The source of a reject whose record does not name one. */
  public static final String UNKNOWN_SOURCE = "unknown";

  /** The encoding of a binary value: the alphabet of RFC 4648, section 4, with padding. */
  public static final String BASE64 = "base64";
}
