package io.marketstream.feed.harness;

import static io.marketstream.feed.harness.DecoderContract.require;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameJson;
import java.io.IOException;
import java.util.List;

/**
 * A decoder must accept the good entries of a frame, with anything between them. It may reject the
 * whole frame only if more is wrong than one well-formed bad entry.
 */
public final class NeighborContract {

  private final DecoderContract decoder;
  private final String head;
  private final String tail;
  private final List<FeedEvent> siblings;

  /**
   * @param head of a frame, including its first entry
   * @param tail the last entry and the rest of the frame
   */
  public NeighborContract(DecoderContract decoder, String head, String tail) {
    this.decoder = decoder;
    this.head = head;
    this.tail = tail;
    String frame = head + "," + tail;
    this.siblings = decoder.decode(frame);
    require(
        siblings.size() == 2 && siblings.stream().allMatch(FeedEvent.Tick.class::isInstance),
        "two ticks",
        frame);
  }

  /**
   * Decodes the frame with an entry between the two.
   *
   * @param enclosed the entry within two pairs of brackets, as in {@code [[…]]} or {@code [{…}]}
   */
  public void decodeBetween(String entry, String enclosed) {
    String frame = head + "," + entry + "," + tail;
    List<FeedEvent> events = decoder.decode(frame);
    if (isOneEntry(enclosed)) {
      require(events.size() == 3, "two ticks and what is between them", frame);
      require(events.get(2).equals(siblings.get(1)), "the tick after the entry", frame);
    }
    boolean wholeFrameRejected =
        events.size() == 1
            && events.get(0) instanceof FeedEvent.Rejected rejected
            && rejected.input().equals(frame);
    require(
        wholeFrameRejected || events.get(0).equals(siblings.get(0)),
        "the tick before the entry",
        frame);
  }

  private static boolean isOneEntry(String enclosed) {
    if (enclosed.indexOf('\uFFFD') >= 0) {
      return false; // such a frame is rejected before it is read
    }
    try (JsonParser parser = FrameJson.parse(enclosed)) {
      parser.nextToken();
      boolean named = parser.nextToken() == JsonToken.START_OBJECT;
      JsonToken value = parser.nextToken();
      if (value == JsonToken.FIELD_NAME) {
        value = parser.nextToken();
      }
      if (value == null || value.isStructEnd()) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == (named ? JsonToken.END_OBJECT : JsonToken.END_ARRAY)
          && parser.nextToken() == JsonToken.END_ARRAY
          && parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }
}
