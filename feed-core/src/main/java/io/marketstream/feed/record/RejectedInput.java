package io.marketstream.feed.record;

import io.marketstream.model.Fields;
import io.marketstream.model.RejectReason;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * An input that could not be decoded, with the reason.
 *
 * @param reason the kind of failure
 * @param detail what exactly was wrong
 * @param input the text as decoded, cut at {@link #MAX_INPUT_BYTES} of UTF-8
 * @param receivedAt epoch ms at which it was read from the socket
 * @param session the connection that delivered it; null if there was none
 */
public record RejectedInput(
    String source,
    RejectReason reason,
    String detail,
    String input,
    long receivedAt,
    @Nullable Long session) {

  public static final int MAX_INPUT_BYTES = 64 * 1024;
  private static final int MAX_DETAIL_BYTES = 1024;

  /** Only the Spark job, which publishes to the same topic, sets {@code origin}. */
  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.marketstream.RejectedInput")
          .version(1)
          .field(Fields.SOURCE, Schema.STRING_SCHEMA)
          .field(Fields.REASON, Schema.STRING_SCHEMA)
          .field(Fields.DETAIL, Schema.STRING_SCHEMA)
          .field(Fields.INPUT, Schema.STRING_SCHEMA)
          .field(Fields.RECEIVED_AT, Timestamp.SCHEMA)
          .field(Fields.SESSION, Schema.OPTIONAL_INT64_SCHEMA)
          .field(Fields.ORIGIN, Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  public RejectedInput {
    detail = cut(detail, MAX_DETAIL_BYTES); // it may quote the input
    input = cut(input, MAX_INPUT_BYTES);
  }

  /** The longest prefix within the limit that does not end inside a surrogate pair. */
  private static String cut(String text, int maxBytes) {
    if (text.length() * 3L <= maxBytes) {
      return text;
    }
    int bytes = 0;
    int i = 0;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        return text.substring(0, i);
      }
      i += Character.charCount(codePoint);
    }
    return text;
  }

  /** The Connect form of the reject. */
  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  public Struct toStruct() {
    return new Struct(SCHEMA)
        .put(Fields.SOURCE, source)
        .put(Fields.REASON, reason.name())
        .put(Fields.DETAIL, detail)
        .put(Fields.INPUT, input)
        .put(Fields.RECEIVED_AT, new Date(receivedAt))
        .put(Fields.SESSION, session);
  }
}
