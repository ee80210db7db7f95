package io.marketstream.spark.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.model.RejectReason;
import java.io.IOException;

/**
 * Reads one JSON object in UTF-8 field by field, without a tree: flat as Connect's JsonConverter
 * writes it without schemas, or inside its {@code {"schema":…,"payload":…}} envelope.
 *
 * <p>Thread-safe.
 */
class JsonObjectReader {
  private final JsonFactory json =
      JsonFactory.builder()
          // Field names are input here: a hostile topic must neither fill the intern table nor trip
          // the alarm for colliding names, which is no JSON error.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  /** Takes the fields of the object as they come. The parser stands on the value. */
  interface Fields {
    /** Takes one field, or leaves the value unread where the name means nothing to it. */
    void take(String name, JsonParser value) throws IOException, InvalidFieldException;
  }

  /**
   * Hands every field of the object to {@code fields}. A field that is refused does not stop the
   * reading: a reject wants the source and session that stand behind it.
   *
   * @throws InvalidFieldException the first thing that was wrong
   */
  void read(byte[] value, Fields fields) throws InvalidFieldException {
    if (!Utf8.mayBeginJson(value)) {
      // The parser would guess another encoding, and accept or throw whatever comes of it.
      throw notJson("the value is binary, or text in another encoding than UTF-8");
    }
    InvalidFieldException first;
    try (JsonParser parser = json.createParser(value)) {
      requireObject(parser.nextToken());
      first = readFields(parser, fields, true);
      if (parser.nextToken() != null) {
        throw notJson("there is more text behind the JSON object");
      }
    } catch (JsonProcessingException malformed) {
      throw notJson(malformed.getOriginalMessage());
    } catch (IOException unreadable) {
      // Of a byte array only the decoding of its characters can fail.
      throw notJson(unreadable.getMessage());
    }
    if (!Utf8.isValid(value)) {
      throw notJson("the value is not valid UTF-8");
    }
    if (first != null) {
      throw first;
    }
  }

  private InvalidFieldException readFields(JsonParser parser, Fields fields, boolean outermost)
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
        fields.take(name, parser);
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

  private static InvalidFieldException notJson(String detail) {
    return new InvalidFieldException(RejectReason.INVALID_JSON, detail);
  }
}
