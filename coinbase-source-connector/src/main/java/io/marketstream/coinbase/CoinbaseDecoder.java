package io.marketstream.coinbase;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.feed.protocol.EventTime;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameJson;
import io.marketstream.model.RejectReason;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes the frames of Coinbase Exchange (docs/feeds.md, "Coinbase"). Pure. Any thread. */
final class CoinbaseDecoder {

  private static final char REPLACEMENT = '\uFFFD';
  private static final String MATCHES = "matches";

  private final Map<String, String> products = new HashMap<>();

  /**
   * @param subscribed the products subscribed to
   */
  CoinbaseDecoder(Collection<String> subscribed) {
    // The configured texts, so that a product needs no new text per trade.
    subscribed.forEach(product -> products.put(product, product));
  }

  /**
   * Decodes a frame, which holds at most one trade. A frame of a type that the connector does not
   * know is ignored, because the venue adds types at any time. A trade with an invalid field is
   * rejected.
   */
  List<FeedEvent> decode(String frame, long receivedAt) {
    if (frame.indexOf(REPLACEMENT) >= 0) {
      return rejected(RejectReason.NOT_UTF8, "the frame held bytes that are not UTF-8", frame);
    }
    try (JsonParser parser = FrameJson.parse(frame)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return rejected(RejectReason.WRONG_TYPE, "not a JSON object", frame);
      }
      MatchFields fields = new MatchFields();
      Answer answer = new Answer();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (!answer.read(key, value, parser)) {
          fields.read(key, value, parser);
        }
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        return rejected(RejectReason.INVALID_JSON, "text after the JSON object", frame);
      }
      return List.of(event(fields, answer, frame, receivedAt));
    } catch (IOException e) {
      return rejected(RejectReason.INVALID_JSON, FrameJson.problem(e), frame);
    }
  }

  private FeedEvent event(MatchFields fields, Answer answer, String frame, long receivedAt) {
    String type = answer.type;
    if (type == null) {
      return new FeedEvent.Rejected(RejectReason.MISSING_FIELD, "no 'type'", frame);
    }
    return switch (type) {
      case "match" -> match(fields, false, frame, receivedAt);
      case "last_match" -> match(fields, true, frame, receivedAt);
      case "heartbeat" -> heartbeat(fields);
      case "subscriptions" -> new FeedEvent.Subscribed(Set.copyOf(answer.subscribed));
      case "error" -> error(answer, frame);
      default -> new FeedEvent.Ignored(type);
    };
  }

  /**
   * @param snapshot whether it is the newest trade that the feed sends when a subscription begins
   */
  private FeedEvent match(MatchFields fields, boolean snapshot, String frame, long receivedAt) {
    RejectReason reason = fields.reason();
    if (reason != null) {
      return new FeedEvent.Rejected(reason, fields.problem(), frame);
    }
    String product = products.get(fields.product());
    if (product == null) {
      return new FeedEvent.Rejected(
          RejectReason.UNSUBSCRIBED_SYMBOL, "a product that was not subscribed to", frame);
    }
    FeedEvent.Tick tick = fields.toTick(product, snapshot);
    return EventTime.isPlausible(tick.eventTime(), receivedAt)
        ? tick
        : new FeedEvent.Rejected(
            RejectReason.IMPLAUSIBLE_TIME, MatchFields.IMPLAUSIBLE_TIME, frame);
  }

  /** The venue may send 0, which says only that it is alive. */
  private FeedEvent heartbeat(MatchFields fields) {
    String product = products.get(fields.product());
    return product == null
        ? new FeedEvent.Heartbeat()
        : new FeedEvent.NewestTrade(product, Math.max(0, fields.lastTradeId()));
  }

  /** There is one error per refused product and channel. Its reason begins with the product. */
  private FeedEvent error(Answer answer, String frame) {
    String message = answer.message == null ? "" : answer.message;
    String reason = answer.reason == null ? "" : answer.reason;
    String text = reason.isEmpty() ? message : message + ": " + reason;
    int end = reason.indexOf(' ');
    String product = end > 0 ? products.get(reason.substring(0, end)) : null;
    return product == null
        ? new FeedEvent.FeedError(text, frame)
        : new FeedEvent.Refused(product, text, frame);
  }

  private static List<FeedEvent> rejected(RejectReason reason, String detail, String frame) {
    return List.of(new FeedEvent.Rejected(reason, detail, frame));
  }

  /** The fields of a frame that are not those of a trade. */
  private static final class Answer {
    private @Nullable String type;
    private @Nullable String message;
    private @Nullable String reason;
    private final Set<String> subscribed = new HashSet<>();

    /** Reads the value of a field; returns false if it is not one of these fields. */
    boolean read(String key, JsonToken value, JsonParser parser) throws IOException {
      switch (key) {
        case "type" -> type = text(value, parser);
        case "message" -> message = text(value, parser);
        case "reason" -> reason = text(value, parser);
        case "channels" -> {
          if (value == JsonToken.START_ARRAY) {
            channels(parser);
          }
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private static @Nullable String text(JsonToken value, JsonParser parser) throws IOException {
      return value == JsonToken.VALUE_STRING ? parser.getText() : null;
    }

    private void channels(JsonParser parser) throws IOException {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          channel(parser);
        } else {
          parser.skipChildren();
        }
      }
    }

    /** Adds the products of the channel with the trades. */
    private void channel(JsonParser parser) throws IOException {
      String name = null;
      Set<String> products = new HashSet<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (key.equals("name")) {
          name = text(value, parser);
        } else if (key.equals("product_ids") && value == JsonToken.START_ARRAY) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            String product = text(parser.currentToken(), parser);
            if (product != null) {
              products.add(product);
            }
            parser.skipChildren();
          }
        }
        parser.skipChildren();
      }
      if (MATCHES.equals(name)) {
        subscribed.addAll(products);
      }
    }
  }
}
