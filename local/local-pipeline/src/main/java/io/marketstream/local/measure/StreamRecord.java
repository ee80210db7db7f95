package io.marketstream.local.measure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The simple fields of a record, as text. Arrays, objects and JSON nulls are left out.
 *
 * @param fields the values by name
 */
record StreamRecord(Map<String, String> fields) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Parses a record. Returns empty if it is not a JSON object: another producer wrote it. */
  static Optional<StreamRecord> parse(byte[] value) {
    if (value == null) {
      return Optional.empty();
    }
    try (JsonParser parser = JSON.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      Map<String, String> fields = new HashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (token.isStructStart()) {
          parser.skipChildren();
        } else if (token != JsonToken.VALUE_NULL) {
          fields.put(name, parser.getText());
        }
      }
      return Optional.of(new StreamRecord(fields));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  String text(String field) {
    return fields.getOrDefault(field, "");
  }

  /** Returns a field as a number, or empty if it is absent or not a whole number. */
  Optional<Long> number(String field) {
    try {
      return Optional.of(Long.parseLong(text(field)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
