package io.marketstream.feed.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** The one JSON set-up of all decoders: bounded in depth and in the length of numbers and names. */
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

  /** A parser over the frame; its token locations are char offsets into it. */
  public static JsonParser parse(String frame) throws IOException {
    return FACTORY.createParser(frame);
  }

  /**
   * The text of the value that begins at {@code start} and ends with the parser's current token.
   */
  public static String slice(String frame, long start, JsonParser parser) throws IOException {
    parser.finishToken(); // a text is read only when asked for: until then it ends at its quote
    long end = parser.currentLocation().getCharOffset();
    return frame.substring((int) start, (int) Math.min(frame.length(), end));
  }

  /**
   * Why a frame is not JSON, without the excerpts of the input that Jackson would add: it cuts
   * them, and a secret with them.
   */
  public static String complaint(IOException error) {
    if (!(error instanceof JsonProcessingException json)) {
      return error.toString();
    }
    String message = json.getOriginalMessage();
    return message.startsWith(UNRECOGNIZED) ? UNRECOGNIZED : message;
  }

  /** Whether UTF-8 can carry the text: an escape can stand for half a surrogate pair. */
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

  /** Whether the token is a number, of either kind. */
  public static boolean isNumber(JsonToken token) {
    return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
  }
}
