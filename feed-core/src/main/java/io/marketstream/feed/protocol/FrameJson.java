package io.marketstream.feed.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/**
 * The JSON parser of all decoders, with limits for depth and for the length of numbers and names.
 */
public final class FrameJson {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxNumberLength(1_000)
                  .maxNameLength(1_000)
                  .build())
          .build();

  private static final String UNRECOGNIZED = "Unrecognized token";

  private FrameJson() {}

  /** A parser of the frame. Its token locations are char offsets. */
  public static JsonParser parse(String frame) throws IOException {
    return FACTORY.createParser(frame);
  }

  /** The text from {@code start} to the end of the parser's current token. */
  public static String slice(String frame, long start, JsonParser parser) throws IOException {
    parser.finishToken(); // Jackson reads a text lazily: until then the token ends at its quote
    long end = parser.currentLocation().getCharOffset();
    return frame.substring((int) start, (int) Math.min(frame.length(), end));
  }

  /**
   * Why a frame is not JSON, without the excerpts of the input that Jackson adds. Jackson cuts
   * them, which could split a secret so that it is not masked.
   */
  public static String problem(IOException error) {
    if (!(error instanceof JsonProcessingException json)) {
      return error.toString();
    }
    String message = json.getOriginalMessage();
    return message.startsWith(UNRECOGNIZED) ? UNRECOGNIZED : message;
  }

  /** Whether UTF-8 can represent the text. A JSON escape can be half a surrogate pair. */
  public static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Whether the token is a whole number or a decimal. */
  public static boolean isNumber(JsonToken token) {
    return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
  }
}
