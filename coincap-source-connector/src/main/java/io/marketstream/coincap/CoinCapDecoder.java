package io.marketstream.coincap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameEvents;
import io.marketstream.feed.protocol.FrameJson;
import io.marketstream.feed.protocol.WireDecimal;
import io.marketstream.model.Limits;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decodes CoinCap's frames (docs/feeds.md, "CoinCap"). Pure: its cache saves time and changes no
 * result. Any thread.
 */
final class CoinCapDecoder {

  private static final char REPLACEMENT = '\uFFFD';
  private static final String UNAUTHORIZED = "Unauthorized";

  private final AssetNames assets;

  /**
   * @param subscribed whether an asset is subscribed to
   */
  CoinCapDecoder(Predicate<String> subscribed) {
    this.assets = new AssetNames(subscribed);
  }

  /**
   * Decodes a frame to events in wire order, one per price. A frame that is not valid JSON becomes
   * one reject. A price that is not a decimal is rejected alone. CoinCap sends no time, so the
   * event time is the receive time.
   */
  List<FeedEvent> decode(String frame, long receivedAt) {
    List<FeedEvent> prices = PriceScanner.scan(frame, assets, receivedAt);
    return prices == null ? parse(frame, receivedAt) : prices;
  }

  /** Decodes any frame, with the same result as {@link PriceScanner} for the frames it reads. */
  List<FeedEvent> parse(String frame, long receivedAt) {
    if (frame.startsWith(UNAUTHORIZED)) {
      return List.of(new FeedEvent.Unauthorized(frame.strip()));
    }
    if (frame.indexOf(REPLACEMENT) >= 0) {
      return rejected(RejectReason.NOT_UTF8, "the frame held bytes that are not UTF-8", frame);
    }
    try (JsonParser parser = FrameJson.parse(frame)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return rejected(RejectReason.WRONG_TYPE, "not a JSON object", frame);
      }
      FrameEvents events = new FrameEvents(frame);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        readPrice(parser, events, receivedAt);
      }
      if (parser.nextToken() != null) {
        return rejected(RejectReason.INVALID_JSON, "text after the JSON object", frame);
      }
      return events.toList();
    } catch (IOException e) {
      return rejected(RejectReason.INVALID_JSON, FrameJson.problem(e), frame);
    }
  }

  /** Reads the pair whose name is the parser's current token. */
  private void readPrice(JsonParser parser, FrameEvents events, long receivedAt)
      throws IOException {
    long start = parser.currentTokenLocation().getCharOffset();
    String slug = parser.currentName();
    JsonToken value = parser.nextToken();
    RejectReason reason;
    String problem;
    if (slug.isEmpty() || slug.length() > Limits.MAX_SYMBOL_LENGTH) {
      reason = RejectReason.WRONG_TYPE;
      problem = "an asset that is empty or longer than " + Limits.MAX_SYMBOL_LENGTH;
    } else if (value != JsonToken.VALUE_STRING) {
      reason = RejectReason.WRONG_TYPE;
      problem = "a price that is not a string";
    } else if (!assets.isSubscribed(slug)) {
      reason = RejectReason.UNSUBSCRIBED_SYMBOL;
      problem = "an asset that was not subscribed to";
    } else {
      String price = WireDecimal.plain(parser.getText());
      if (price != null) {
        events.add(new FeedEvent.Tick(TickKind.PRICE, slug, price, null, null, receivedAt));
        return;
      }
      reason = RejectReason.INVALID_DECIMAL;
      problem = "a price that is not a decimal of at most 40 digits and an exponent within 40";
    }
    parser.skipChildren();
    events.reject(reason, problem, start, parser);
  }

  private static List<FeedEvent> rejected(RejectReason reason, String detail, String frame) {
    return List.of(new FeedEvent.Rejected(reason, detail, frame));
  }
}
