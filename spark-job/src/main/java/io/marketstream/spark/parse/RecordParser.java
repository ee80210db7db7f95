package io.marketstream.spark.parse;

import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Makes ticks, gaps and rejects of Kafka records: a pure function of the record, so a replay
 * decides as the first reading did. It never throws, whatever bytes a record holds: a failure that
 * nobody foresaw is a reject of its own reason.
 *
 * <p>Thread-safe.
 */
public final class RecordParser {
  /** How much of a record's value a reject keeps, in bytes. */
  public static final int MAX_INPUT_BYTES = 64 * 1024;

  /** The longest {@code detail} of a reject, in characters. */
  static final int MAX_DETAIL = 1000;

  private final JsonObjectReader reader;
  private final String gapsTopic;
  private final long futureToleranceMs;

  /**
   * @param gapsTopic the topic whose records are gaps; every other topic's are ticks
   * @param futureToleranceMs how far an event time may be ahead of its own received_at
   */
  public RecordParser(String gapsTopic, long futureToleranceMs) {
    this(gapsTopic, futureToleranceMs, new JsonObjectReader());
  }

  RecordParser(String gapsTopic, long futureToleranceMs, JsonObjectReader reader) {
    this.gapsTopic = gapsTopic;
    this.futureToleranceMs = futureToleranceMs;
    this.reader = reader;
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
      return reject(at, value, timestamp, fields, invalid.reason(), invalid.getMessage());
    } catch (RuntimeException | StackOverflowError defect) {
      return reject(
          at, value, timestamp, fields, RejectReason.INTERNAL_ERROR, String.valueOf(defect));
    }
  }

  /**
   * The reject of a record on which the job failed after it was parsed.
   *
   * @param value its value; null for a tombstone
   * @param timestamp its Kafka timestamp, epoch ms
   */
  public static Reject internalError(
      RecordPosition at, byte[] value, long timestamp, Throwable defect) {
    return reject(
        at,
        value,
        timestamp,
        new GapFields(), // without a field
        RejectReason.INTERNAL_ERROR,
        String.valueOf(defect));
  }

  private static Reject reject(
      RecordPosition at,
      byte[] value,
      long timestamp,
      RecordFields fields,
      RejectReason reason,
      String detail) {
    boolean isText = value == null || Utf8.isReadable(value);
    return new Reject(
        at,
        fields.source == null ? Reject.UNKNOWN_SOURCE : fields.source,
        reason,
        FieldValues.cut(detail, MAX_DETAIL),
        isText ? text(value) : base64(value),
        isText ? null : Reject.BASE64,
        fields.receivedAt() == null ? timestamp : fields.receivedAt(),
        fields.session());
  }

  private static String text(byte[] value) {
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

  private static String base64(byte[] value) {
    return Base64.getEncoder()
        .encodeToString(Arrays.copyOf(value, Math.min(value.length, MAX_INPUT_BYTES)));
  }
}
