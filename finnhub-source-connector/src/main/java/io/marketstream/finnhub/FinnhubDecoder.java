package io.marketstream.finnhub;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.feed.protocol.EventTime;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameEvents;
import io.marketstream.feed.protocol.FrameJson;
import io.marketstream.feed.protocol.WireDecimal;
import io.marketstream.model.Limits;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes Finnhub's frames (docs/feeds.md, "Finnhub"). Pure: its cache saves time and changes no
 * result. Any thread.
 */
final class FinnhubDecoder {

  private static final char REPLACEMENT = '\uFFFD';
  private static final Pattern INVALID_SYMBOL =
      Pattern.compile("\\s*invalid symbol[:\\s]\\s*(.*\\S)\\s*", Pattern.CASE_INSENSITIVE);
  private static final Pattern SUBSCRIPTION_ERROR =
      Pattern.compile("subscri|symbol", Pattern.CASE_INSENSITIVE);

  private final FinnhubSymbols symbols;
  private final TradeScanner.KnownTexts known = new TradeScanner.KnownTexts();

  /**
   * @param subscribed the symbols subscribed to, no two of them equal except for case
   */
  FinnhubDecoder(Collection<String> subscribed) {
    this.symbols = new FinnhubSymbols(subscribed);
  }

  /**
   * Decodes a frame to events in wire order. A frame that is not valid JSON becomes one reject. A
   * trade that is valid JSON but not a valid trade is rejected alone.
   */
  List<FeedEvent> decode(String frame, long receivedAt) {
    if (frame.indexOf(REPLACEMENT) >= 0) {
      return rejected(RejectReason.NOT_UTF8, "the frame held bytes that are not UTF-8", frame);
    }
    List<FeedEvent> trades = TradeScanner.scan(frame, symbols, known, receivedAt);
    return trades == null ? parse(frame, receivedAt) : trades;
  }

  /** Decodes any frame, with the same result as {@link TradeScanner} for the frames it reads. */
  List<FeedEvent> parse(String frame, long receivedAt) {
    try (JsonParser parser = FrameJson.parse(frame)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return rejected(RejectReason.WRONG_TYPE, "not a JSON object", frame);
      }
      String type = null;
      String message = null;
      FrameEvents trades = null;
      boolean dataOfWrongType = false;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (key) {
          case "type" -> type = value == JsonToken.VALUE_STRING ? parser.getText() : null;
          case "msg" -> message = value == JsonToken.VALUE_STRING ? parser.getText() : null;
          case "data" -> {
            if (value == JsonToken.START_ARRAY) {
              trades = trades == null ? new FrameEvents(frame) : trades;
              readTrades(parser, trades, receivedAt);
            } else {
              dataOfWrongType = true;
            }
          }
          default -> {}
        }
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        return rejected(RejectReason.INVALID_JSON, "text after the JSON object", frame);
      }
      if (dataOfWrongType && "trade".equals(type)) {
        return rejected(RejectReason.WRONG_TYPE, "'data' is not an array", frame);
      }
      return events(type, message, trades, frame);
    } catch (IOException e) {
      return rejected(RejectReason.INVALID_JSON, FrameJson.problem(e), frame);
    }
  }

  private List<FeedEvent> events(
      @Nullable String type, @Nullable String message, @Nullable FrameEvents trades, String frame) {
    if (type == null) {
      return rejected(RejectReason.MISSING_FIELD, "no 'type'", frame);
    }
    return switch (type) {
      case "trade" ->
          trades == null
              ? rejected(RejectReason.MISSING_FIELD, "a trade message without 'data'", frame)
              : trades.toList();
      case "ping" -> List.of(new FeedEvent.Heartbeat());
      case "error" -> List.of(error(message == null ? "" : message, frame));
      case "news", "pr" -> List.of(new FeedEvent.Ignored(type));
      default -> rejected(RejectReason.UNKNOWN_TYPE, "unknown 'type'", frame);
    };
  }

  /** Finnhub's errors have no code. Their text shows whether they refuse a subscription. */
  private FeedEvent error(String message, String frame) {
    Matcher invalid = INVALID_SYMBOL.matcher(message);
    if (invalid.matches()) {
      return new FeedEvent.Refused(symbols.configured(invalid.group(1)), message, frame);
    }
    return SUBSCRIPTION_ERROR.matcher(message).find()
        ? new FeedEvent.Refused(null, message, frame)
        : new FeedEvent.FeedError(message, frame);
  }

  /** Reads the array that the parser has just entered. */
  private void readTrades(JsonParser parser, FrameEvents events, long receivedAt)
      throws IOException {
    // Reused for every entry: a frame of two-byte entries must not allocate one object per entry.
    TradeFields fields = new TradeFields();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      long start = parser.currentTokenLocation().getCharOffset();
      fields.clear();
      if (token == JsonToken.START_OBJECT) {
        fields.read(parser);
      } else {
        parser.skipChildren();
        fields.reject(RejectReason.WRONG_TYPE, "a trade that is not an object");
      }
      FeedEvent.Tick tick = fields.toTick(symbols, receivedAt);
      if (tick == null) {
        events.reject(
            Objects.requireNonNull(fields.reason, "an invalid trade has a reason"),
            Objects.requireNonNull(fields.problem, "an invalid trade has a problem"),
            start,
            parser);
      } else {
        events.add(tick);
      }
    }
  }

  private static List<FeedEvent> rejected(RejectReason reason, String detail, String frame) {
    return List.of(new FeedEvent.Rejected(reason, detail, frame));
  }

  /** The fields of one trade while it is read. Only the first problem is kept. */
  private static final class TradeFields {
    private static final int MAX_TIME_DIGITS = 18; // digits: always a long
    private @Nullable String price;
    private @Nullable String symbol;
    private @Nullable String volume;
    private @Nullable List<String> conditions;
    private long time;
    private boolean hasTime;
    private @Nullable RejectReason reason;
    private @Nullable String problem;

    void clear() {
      price = null;
      symbol = null;
      volume = null;
      conditions = null;
      hasTime = false;
      reason = null;
      problem = null;
    }

    void reject(RejectReason why, String what) {
      if (reason == null) {
        reason = why;
        problem = what;
      }
    }

    void read(JsonParser parser) throws IOException {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (key) {
          case "p" -> price = decimal(parser, value, "p");
          case "v" -> volume = decimal(parser, value, "v");
          case "s" -> symbol(parser, value);
          case "t" -> time(parser, value);
          case "c" -> conditions(parser, value);
          default -> {}
        }
        parser.skipChildren();
      }
    }

    private @Nullable String decimal(JsonParser parser, JsonToken value, String key)
        throws IOException {
      if (!FrameJson.isNumber(value)) {
        reject(RejectReason.WRONG_TYPE, "'" + key + "' is not a number");
        return null;
      }
      String plain = WireDecimal.plain(parser.getText());
      if (plain == null) {
        reject(
            RejectReason.INVALID_DECIMAL,
            "'" + key + "' has over 40 digits or an exponent beyond 40");
      }
      return plain;
    }

    private void symbol(JsonParser parser, JsonToken value) throws IOException {
      if (value != JsonToken.VALUE_STRING) {
        reject(RejectReason.WRONG_TYPE, "'s' is not a string");
      } else if (parser.getTextLength() == 0 || parser.getTextLength() > Limits.MAX_SYMBOL_LENGTH) {
        reject(RejectReason.WRONG_TYPE, "'s' is empty or longer than " + Limits.MAX_SYMBOL_LENGTH);
      } else {
        symbol = parser.getText();
      }
    }

    private void time(JsonParser parser, JsonToken value) throws IOException {
      if (value != JsonToken.VALUE_NUMBER_INT) {
        reject(RejectReason.WRONG_TYPE, "'t' is not a whole number");
      } else if (parser.getTextLength() > MAX_TIME_DIGITS) {
        reject(RejectReason.IMPLAUSIBLE_TIME, "'t' is not a plausible time");
      } else {
        time = parser.getLongValue();
        hasTime = true;
      }
    }

    private void conditions(JsonParser parser, JsonToken value) throws IOException {
      if (value == JsonToken.VALUE_NULL) {
        return;
      }
      if (value != JsonToken.START_ARRAY) {
        reject(RejectReason.WRONG_TYPE, "'c' is neither null nor an array");
        return;
      }
      List<String> codes = new ArrayList<>(4);
      JsonToken code;
      while ((code = parser.nextToken()) != JsonToken.END_ARRAY) {
        if (code != JsonToken.VALUE_STRING) {
          reject(RejectReason.WRONG_TYPE, "a code of 'c' is not a string");
          parser.skipChildren();
        } else if (codes.size() == Limits.MAX_CONDITIONS
            || parser.getTextLength() > Limits.MAX_CONDITION_LENGTH) {
          reject(
              RejectReason.WRONG_TYPE,
              "'c' has over "
                  + Limits.MAX_CONDITIONS
                  + " codes, or one longer than "
                  + Limits.MAX_CONDITION_LENGTH);
        } else if (!FrameJson.isUnicode(parser.getText())) {
          reject(RejectReason.WRONG_TYPE, "a code of 'c' has half a surrogate pair");
        } else {
          codes.add(parser.getText());
        }
      }
      conditions = codes;
    }

    /** The tick; null if the trade has a problem. */
    FeedEvent.@Nullable Tick toTick(FinnhubSymbols symbols, long receivedAt) {
      if (reason != null) {
        return null;
      }
      if (price == null || symbol == null || volume == null || !hasTime) {
        reject(RejectReason.MISSING_FIELD, "a trade needs p, s, t and v");
        return null;
      }
      return toTick(price, symbols.configured(symbol), volume, receivedAt);
    }

    private FeedEvent.@Nullable Tick toTick(
        String exactPrice, @Nullable String configured, String size, long receivedAt) {
      if (WireDecimal.isNegative(size)) {
        reject(RejectReason.INVALID_DECIMAL, "'v' is negative");
      } else if (!EventTime.isPlausible(time, receivedAt)) {
        reject(RejectReason.IMPLAUSIBLE_TIME, "'t' is before 1990 or over a day ahead");
      } else if (configured == null) {
        reject(RejectReason.UNSUBSCRIBED_SYMBOL, "a symbol that was not subscribed to");
      } else {
        TickKind kind = WireDecimal.isZero(size) ? TickKind.PRICE : TickKind.TRADE;
        return new FeedEvent.Tick(kind, configured, exactPrice, size, conditions, time);
      }
      return null;
    }
  }
}
