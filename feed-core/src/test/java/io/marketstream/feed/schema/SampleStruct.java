package io.marketstream.feed.schema;

import java.util.Date;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/** Values of any of our schemas, so that the tests need no change for a new field. */
final class SampleStruct {

  private SampleStruct() {}

  /** Returns a value in which each optional field has a value. */
  static Object full(Schema schema) {
    return value(schema, "value", true);
  }

  /** Returns a value in which no optional field has a value. */
  static Object sparse(Schema schema) {
    return value(schema, "value", false);
  }

  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  private static Object value(Schema schema, String name, boolean full) {
    if (schema.isOptional() && !full) {
      return null;
    }
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
      return new Date(1_700_000_000_123L + name.length());
    }
    return switch (schema.type()) {
      case STRING -> "66972.770000000000000000001 \"€\" of " + name;
      case BOOLEAN -> true;
      case INT64 -> Long.MAX_VALUE - name.length();
      case ARRAY -> List.of(value(schema.valueSchema(), name, full), "");
      case STRUCT -> {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
          struct.put(field, value(field.schema(), field.name(), full));
        }
        yield struct;
      }
      default ->
          throw new IllegalArgumentException("There is no sample yet of the type " + schema.type());
    };
  }
}
