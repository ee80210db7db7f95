package io.marketstream.spark.parse;

import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.RejectReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes ticks, gaps and rejects of Kafka records: a pure function of the record, so a replay
 * decides as the first reading did. Never throws for anything a record may hold.
 *
 * <p>Thread-safe.
 */
public final class RecordParser {
  /** How much of a record's text a reject keeps, in bytes of UTF-8. */
  public static final int MAX_INPUT_BYTES = 64 * 1024;

  private final JsonObjectReader reader = new JsonObjectReader();
  private final String gapsTopic;
  private final long futureToleranceMs;

  /**
   * @param gapsTopic the topic whose records are gaps; every other topic's are ticks
   * @param futureToleranceMs how far an event time may be ahead of its own received_at
   */
  public RecordParser(String gapsTopic, long futureToleranceMs) {
    this.gapsTopic = gapsTopic;
    this.futureToleranceMs = futureToleranceMs;
  }

  /**
   * @param at where the record stands in Kafka
   * @param value its value; null is a tombstone, which is rejected
   * @param timestamp its Kafka timestamp, epoch ms: when a reject was received, if it does not say
   */
  public MarketRecord parse(RecordPosition at, byte[] value, long timestamp) {
    RecordFields fields =
        at.topic().equals(gapsTopic) ? new GapFields() : new TickFields(futureToleranceMs);
    try {
      if (value == null) {
        throw new InvalidFieldException(RejectReason.TOMBSTONE, "the value is null");
      }
      reader.read(value, fields);
      return fields.record(at);
    } catch (InvalidFieldException invalid) {
      return new Reject(
          at,
          fields.source == null ? Reject.UNKNOWN_SOURCE : fields.source,
          invalid.reason(),
          invalid.getMessage(),
          cut(value),
          fields.receivedAt() == null ? timestamp : fields.receivedAt(),
          fields.session());
    }
  }

  private static String cut(byte[] value) {
    if (value == null) {
      return "";
    }
    int end = Math.min(value.length, MAX_INPUT_BYTES);
    // Not in the middle of a character: back over the bytes that continue one.
    while (end < value.length && end > 0 && (value[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(Arrays.copyOf(value, end), StandardCharsets.UTF_8);
  }
}
