package io.marketstream.spark.record;

import io.marketstream.model.RejectReason;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record that the job cannot process, with what a person needs to find and repair it.
 *
 * @param at position of the record in Kafka; its {@link RecordPosition#origin() origin} is the key
 *     of the reject
 * @param source the feed if the record has a valid one, else {@link #UNKNOWN_SOURCE}
 * @param reason why the record was rejected
 * @param detail which field was wrong, and how
 * @param input the first 64 KiB of the value, as text or encoded; empty if the value is null
 * @param encoding {@link #BASE64} if the value is not readable text; null if it is
 * @param receivedAt the record's own received_at, or its Kafka timestamp if that cannot be read;
 *     epoch ms
 * @param session the session of the record; null if it cannot be read
 */
public record Reject(
    RecordPosition at,
    String source,
    RejectReason reason,
    String detail,
    String input,
    @Nullable String encoding,
    long receivedAt,
    @Nullable Long session)
    implements MarketRecord {

  /** The source of a reject whose record has no valid source. */
  public static final String UNKNOWN_SOURCE = "unknown";

  /** The encoding of a binary value: RFC 4648, section 4, with padding. */
  public static final String BASE64 = "base64";
}
