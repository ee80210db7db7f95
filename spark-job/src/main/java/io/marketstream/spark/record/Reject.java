package io.marketstream.spark.record;

/**
 * A Kafka record that could not be understood, with what is needed to find and mend it.
 *
 * @param at where it stands in Kafka; its {@link RecordPosition#origin() origin} is the reject's
 *     key
 * @param source the feed if the record names a well-formed one, else {@link #UNKNOWN_SOURCE}
 * @param reason why
 * @param detail what was wrong with which field
 * @param input the record's text, cut at 64 KiB; empty for a null value
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
    long receivedAt,
    Long session)
    implements MarketRecord {

  /** The source of a reject whose record does not name one. */
  public static final String UNKNOWN_SOURCE = "unknown";
}
