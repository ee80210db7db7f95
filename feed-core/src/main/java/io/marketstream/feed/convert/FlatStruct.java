package io.marketstream.feed.convert;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/**
 * How structs of one schema are written: a flat one, whose fields are texts, whole numbers,
 * booleans, instants or lists of texts.
 */
final class FlatStruct {
  private static final String CONNECTS_OWN = "org.apache.kafka.connect.data.";

  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  /** Writes a value that is not null; false if it is none of the field's kind. */
  private interface ValueWriter {
    boolean write(Object value, JsonBytes to);
  }

  /**
   * @param start its name, with what stands before and after it
   */
  private record FlatField(Field field, byte[] start, boolean isOptional, ValueWriter writer) {}

  private final FlatField[] fields;

  private FlatStruct(FlatField[] fields) {
    this.fields = fields;
  }

  /** Null if structs of this schema are not flat, or if the schema is an unusual one. */
  static FlatStruct of(Schema schema) {
    // A builder may still change; a name of Connect's own means another value than a struct.
    if (schema.getClass() != ConnectSchema.class
        || schema.type() != Schema.Type.STRUCT
        || schema.fields().isEmpty()
        || (schema.name() != null && schema.name().startsWith(CONNECTS_OWN))) {
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
    return new FlatStruct(fields);
  }

  private static ValueWriter writer(Schema schema) {
    if (schema.defaultValue() != null) {
      return null;
    }
    if (schema.name() != null) {
      // Kafka's converter knows other names that change what is written.
      return schema.name().equals(Timestamp.LOGICAL_NAME) && schema.type() == Schema.Type.INT64
          ? FlatStruct::instant
          : null;
    }
    return switch (schema.type()) {
      case STRING -> FlatStruct::text;
      case INT64 -> FlatStruct::int64;
      case INT32 -> FlatStruct::int32;
      case BOOLEAN -> FlatStruct::bool;
      case ARRAY -> isText(schema.valueSchema()) ? FlatStruct::texts : null;
      default -> null;
    };
  }

  private static boolean isText(Schema schema) {
    return schema != null && schema.type() == Schema.Type.STRING && schema.name() == null;
  }

  /**
   * @param struct of the schema
   * @return whether it could be written; else the document is broken
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

  private static boolean text(Object value, JsonBytes to) {
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

  private static boolean instant(Object value, JsonBytes to) {
    if (value instanceof java.util.Date instant) {
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
