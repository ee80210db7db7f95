package io.marketstream.feed.convert;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Writes the structs of one flat schema as JSON. The fields of a flat schema are texts, whole
 * numbers, booleans, instants or lists of texts.
 */
final class FlatStructWriter {
  private static final String CONNECT_NAME_PREFIX = "org.apache.kafka.connect.data.";

  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  /** Writes a value that is not null; returns false if its type does not fit the field. */
  private interface ValueWriter {
    boolean write(Object value, JsonBytes to);
  }

  /**
   * A field of the schema.
   *
   * @param start the bytes before the value: separator, name and colon
   */
  @SuppressWarnings("ArrayRecordComponent") // fields are never compared and stay in this class
  private record FlatField(Field field, byte[] start, boolean isOptional, ValueWriter writer) {}

  private final FlatField[] fields;

  private FlatStructWriter(FlatField[] fields) {
    this.fields = fields;
  }

  /** The writer of a schema; null if it is not flat or not an ordinary schema. */
  static @Nullable FlatStructWriter of(Schema schema) {
    // A builder may still change, and Connect's own names stand for other values than structs.
    if (schema.getClass() != ConnectSchema.class
        || schema.type() != Schema.Type.STRUCT
        || schema.fields().isEmpty()
        || (schema.name() != null && schema.name().startsWith(CONNECT_NAME_PREFIX))) {
      return null;
    }
    List<Field> all = schema.fields();
    FlatField[] fields = new FlatField[all.size()];
    Set<String> names = new HashSet<>();
    JsonBytes start = new JsonBytes();
    for (int i = 0; i < fields.length; i++) {
      Field field = all.get(i);
      ValueWriter writer = writer(field.schema());
      start.reset();
      start.structure(i == 0 ? '{' : ',');
      if (writer == null || !names.add(field.name()) || !start.text(field.name())) {
        return null;
      }
      start.structure(':');
      fields[i] = new FlatField(field, start.toByteArray(), field.schema().isOptional(), writer);
    }
    return new FlatStructWriter(fields);
  }

  private static @Nullable ValueWriter writer(Schema schema) {
    if (schema.defaultValue() != null) {
      return null;
    }
    if (schema.name() != null) {
      // Kafka's converter writes other named types in another form.
      return schema.name().equals(Timestamp.LOGICAL_NAME) && schema.type() == Schema.Type.INT64
          ? FlatStructWriter::instant
          : null;
    }
    return switch (schema.type()) {
      case STRING -> FlatStructWriter::text;
      case INT64 -> FlatStructWriter::int64;
      case INT32 -> FlatStructWriter::int32;
      case BOOLEAN -> FlatStructWriter::bool;
      case ARRAY -> isText(schema.valueSchema()) ? FlatStructWriter::texts : null;
      default -> null;
    };
  }

  private static boolean isText(@Nullable Schema schema) {
    return schema != null && schema.type() == Schema.Type.STRING && schema.name() == null;
  }

  /**
   * Writes a struct of the schema.
   *
   * @return whether it could be written; otherwise the document is incomplete
   */
  boolean write(Struct struct, JsonBytes to) {
    for (FlatField flat : fields) {
      to.raw(flat.start);
      Object value = struct.get(flat.field);
      if (value != null) {
        if (!flat.writer.write(value, to)) {
          return false;
        }
      } else if (flat.isOptional) {
        to.raw(NULL);
      } else {
        return false;
      }
    }
    to.structure('}');
    return true;
  }

  private static boolean text(@Nullable Object value, JsonBytes to) {
    return value instanceof String text && to.text(text);
  }

  private static boolean int64(Object value, JsonBytes to) {
    if (value instanceof Long number) {
      to.number(number);
      return true;
    }
    return false;
  }

  private static boolean int32(Object value, JsonBytes to) {
    if (value instanceof Integer number) {
      to.number(number);
      return true;
    }
    return false;
  }

  private static boolean bool(Object value, JsonBytes to) {
    if (value instanceof Boolean truth) {
      to.raw(truth ? TRUE : FALSE);
      return true;
    }
    return false;
  }

  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  private static boolean instant(Object value, JsonBytes to) {
    if (value instanceof Date instant) {
      to.number(instant.getTime());
      return true;
    }
    return false;
  }

  private static boolean texts(Object value, JsonBytes to) {
    if (!(value instanceof List<?> texts)) {
      return false;
    }
    to.structure('[');
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        to.structure(',');
      }
      if (!text(texts.get(i), to)) {
        return false;
      }
    }
    to.structure(']');
    return true;
  }
}
