package io.marketstream.spark.parse;

import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Parses Kafka records into ticks, gaps and rejects.
 *
 * <p>The result depends only on the record, so a replay gives the same result. The parser never
 * throws, whatever bytes a record has. An unexpected failure gives a reject with the reason {@code
 * INTERNAL_ERROR}.
 *
 * <p>Thread-safe.
 */
public final class RecordParser {
  /** Maximum number of bytes of a record's value that a reject contains. */
  public static final int MAX_INPUT_BYTES = 64 * 1024;

  /** Maximum length of the {@code detail} of a reject, in characters. */
  static final int MAX_DETAIL_LENGTH = 1000;

  private final JsonObjectReader reader;
  private final String gapsTopic;
  private final long futureToleranceMs;

  /**
   * @param gapsTopic the topic with gap records; records of every other topic are ticks
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
   * Parses a record.
   *
   * @param at position of the record in Kafka
   * @param value its value; null is a tombstone, which is rejected
   * @param timestamp its Kafka timestamp, epoch ms; used for a reject without {@code received_at}
   */
  public MarketRecord parse(RecordPosition at, byte @Nullable [] value, long timestamp) {
    RecordFields fields =
        at.topic().equals(gapsTopic) ? new GapFields() : new TickFields(futureToleranceMs);
    try {
      if (value == null) {
        throw new InvalidFieldException(RejectReason.TOMBSTONE, "the value is null");
      }
      reader.read(value, fields);
      return fields.record(at);
    } catch (InvalidFieldException invalid) {
      return reject(
          at, value, timestamp, fields, invalid.reason(), String.valueOf(invalid.getMessage()));
    } catch (RuntimeException | StackOverflowError defect) {
      return reject(
          at, value, timestamp, fields, RejectReason.INTERNAL_ERROR, String.valueOf(defect));
    }
  }

  /**
   * Returns the reject for a record on which the job failed after parsing it.
   *
   * @param value its value; null for a tombstone
   * @param timestamp its Kafka timestamp, epoch ms
   */
  public static Reject internalError(
      RecordPosition at, byte @Nullable [] value, long timestamp, @Nullable Throwable defect) {
    return reject(
        at,
        value,
        timestamp,
        new GapFields(), // empty, because the fields were already read
        RejectReason.INTERNAL_ERROR,
        String.valueOf(defect));
  }

  private static Reject reject(
      RecordPosition at,
      byte @Nullable [] value,
      long timestamp,
      RecordFields fields,
      RejectReason reason,
      String detail) {
    boolean isText = value == null || Utf8.isReadable(value);
    String input = "";
    if (value != null) {
      input = isText ? text(value) : base64(value);
    }
    return new Reject(
        at,
        fields.source == null ? Reject.UNKNOWN_SOURCE : fields.source,
        reason,
        FieldValues.cut(detail, MAX_DETAIL_LENGTH),
        input,
        isText ? null : Reject.BASE64,
        fields.receivedAt() == null ? timestamp : fields.receivedAt(),
        fields.session());
  }

  private static String text(byte[] value) {
    int end = Math.min(value.length, MAX_INPUT_BYTES);
    // Cut between characters: skip back over the bytes that continue one.
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
