package io.marketstream.spark.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.model.RejectReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object in UTF-8.
 *
 * <p>The object is flat, as Connect's JsonConverter writes it without schemas, or inside the
 * converter's envelope {@code {"schema":…,"payload":…}}.
 *
 * <p>Thread-safe.
 */
class JsonObjectReader {
  private final JsonFactory json =
      JsonFactory.builder()
          // Field names are untrusted input. They must not fill the intern table. Colliding names
          // must not raise an exception, because they are not a JSON error.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  /** Receives the fields of the object in their order. */
  interface FieldHandler {
    /**
     * Reads one field, or leaves it unread if the name is unknown.
     *
     * @param value a parser that is positioned on the value
     */
    void read(String name, JsonParser value) throws IOException, InvalidFieldException;
  }

  /**
   * Passes every field of the object to {@code fields}. An invalid field does not stop the reading,
   * because a reject needs the source and session, which may come after it.
   *
   * @throws InvalidFieldException for the first error
   */
  void read(byte[] value, FieldHandler fields) throws InvalidFieldException {
    if (!Utf8.mayBeginJson(value)) {
      // The parser would guess another encoding and read something else.
      throw notJson("the value is binary or is text in an encoding other than UTF-8");
    }
    InvalidFieldException first;
    try (JsonParser parser = json.createParser(value)) {
      requireObject(parser.nextToken());
      first = readFields(parser, fields, true);
      if (parser.nextToken() != null) {
        throw notJson("there is more text after the JSON object");
      }
    } catch (JsonProcessingException malformed) {
      throw notJson(malformed.getOriginalMessage());
    } catch (IOException unreadable) {
      // With a byte array, only the decoding of characters can fail.
      throw notJson(unreadable.getMessage());
    }
    if (!Utf8.isValid(value)) {
      throw notJson("the value is not valid UTF-8");
    }
    if (first != null) {
      throw first;
    }
  }

  private @Nullable InvalidFieldException readFields(
      JsonParser parser, FieldHandler fields, boolean outermost)
      throws IOException, InvalidFieldException {
    InvalidFieldException first = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (outermost && token == JsonToken.START_OBJECT && "payload".equals(name)) {
        InvalidFieldException inner = readFields(parser, fields, false);
        first = first == null ? inner : first;
        continue;
      }
      try {
        fields.read(name, parser);
      } catch (InvalidFieldException invalid) {
        first = first == null ? invalid : first;
      }
      if (parser.currentToken() == token) {
        parser.skipChildren();
      }
    }
    return first;
  }

  private static void requireObject(JsonToken token) throws InvalidFieldException {
    if (token != JsonToken.START_OBJECT) {
      throw notJson("the value is not a JSON object");
    }
  }

  private static InvalidFieldException notJson(@Nullable String detail) {
    return new InvalidFieldException(RejectReason.INVALID_JSON, detail);
  }
}
