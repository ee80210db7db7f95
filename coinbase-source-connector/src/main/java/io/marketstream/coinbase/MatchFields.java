package io.marketstream.coinbase;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.WireDecimal;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.model.TradeSide;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a trade while a frame is read. Only the first problem is kept. It counts only if
 * the frame turns out to be a trade.
 */
final class MatchFields {

  /** What is wrong with a trade whose time is not plausible. */
  static final String IMPLAUSIBLE_TIME = "'time' is before 1990 or over a day ahead";

  private static final int MAX_ID_DIGITS = 18; // digits: always a long
  private static final int MAX_TIME_LENGTH = 40;

  private @Nullable String product;
  private @Nullable String price;
  private @Nullable String size;
  private @Nullable TradeSide side;
  private @Nullable String timeText;
  private @Nullable Long time; // epoch ms; read at the end, because a failure costs much
  private long tradeId;
  private long lastTradeId;
  private @Nullable RejectReason reason;
  private @Nullable String problem;

  /** The fields of a frame, which names its product. */
  MatchFields() {}

  /** The fields of a row of the history of a product. */
  MatchFields(String product) {
    this.product = product;
  }

  /** Reads the value of a field. Fields that are not of a trade are left to the caller. */
  void read(String key, JsonToken value, JsonParser parser) throws IOException {
    switch (key) {
      case "product_id" -> product = text(value, parser, key);
      case "price" -> price = decimal(value, parser, key);
      case "size" -> size = decimal(value, parser, key);
      case "side" -> side = side(text(value, parser, key));
      case "time" -> timeText = text(value, parser, key);
      case "trade_id" -> tradeId = id(value, parser, key);
      case "last_trade_id" -> lastTradeId = id(value, parser, key);
      default -> {}
    }
  }

  private void reject(RejectReason why, String what) {
    if (reason == null) {
      reason = why;
      problem = what;
    }
  }

  private @Nullable String text(JsonToken value, JsonParser parser, String key) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    reject(RejectReason.WRONG_TYPE, "'" + key + "' is not a string");
    return null;
  }

  private @Nullable String decimal(JsonToken value, JsonParser parser, String key)
      throws IOException {
    String text = text(value, parser, key);
    if (text == null) {
      return null;
    }
    String plain = WireDecimal.plain(text);
    if (plain == null) {
      reject(
          RejectReason.INVALID_DECIMAL,
          "'" + key + "' is not a decimal of at most 40 digits and an exponent within 40");
    }
    return plain;
  }

  private long id(JsonToken value, JsonParser parser, String key) throws IOException {
    if (value != JsonToken.VALUE_NUMBER_INT || parser.getTextLength() > MAX_ID_DIGITS) {
      reject(RejectReason.WRONG_TYPE, "'" + key + "' is not a whole number of at most 18 digits");
      return 0;
    }
    return parser.getLongValue();
  }

  /** The wire has the side of the maker; the record has that of the taker. */
  private @Nullable TradeSide side(@Nullable String maker) {
    if (maker == null) {
      return null;
    }
    switch (maker) {
      case "buy" -> {
        return TradeSide.SELL;
      }
      case "sell" -> {
        return TradeSide.BUY;
      }
      default -> {
        reject(RejectReason.WRONG_TYPE, "'side' is neither buy nor sell");
        return null;
      }
    }
  }

  private @Nullable Long time(String text) {
    try {
      if (text.length() <= MAX_TIME_LENGTH) {
        return Instant.parse(text).toEpochMilli();
      }
    } catch (DateTimeException | ArithmeticException e) {
      // reported below
    }
    reject(RejectReason.WRONG_TYPE, "'time' is not a time in ISO 8601");
    return null;
  }

  /** Why the fields are not a trade; null if they are one. */
  @Nullable RejectReason reason() {
    if (reason == null && timeText != null) {
      time = time(timeText);
    }
    if (reason == null
        && (product == null || price == null || size == null || side == null || time == null)) {
      reject(
          RejectReason.MISSING_FIELD,
          "a match needs trade_id, product_id, price, size, side and time");
    }
    if (reason == null && tradeId < 1) {
      reject(RejectReason.MISSING_FIELD, "a match needs a trade_id of at least 1");
    }
    if (reason == null && size != null && !isPositive(size)) {
      reject(RejectReason.INVALID_DECIMAL, "'size' is not positive");
    }
    return reason;
  }

  private static boolean isPositive(String plain) {
    return !WireDecimal.isNegative(plain) && !WireDecimal.isZero(plain);
  }

  /** The problem in words; empty if there is none. */
  String problem() {
    return problem == null ? "" : problem;
  }

  /** The product of a trade or a heartbeat; empty if there is none. */
  String product() {
    return product == null ? "" : product;
  }

  /** The id of a trade; 0 if there is none that can be read. */
  long tradeId() {
    return tradeId;
  }

  /** The newest trade that a heartbeat names; 0 for none. */
  long lastTradeId() {
    return lastTradeId;
  }

  /**
   * The tick of fields without a problem.
   *
   * @param symbol the product as it is configured
   * @param snapshot whether the feed sends it because a subscription has begun
   */
  FeedEvent.Tick toTick(String symbol, boolean snapshot) {
    if (price == null || side == null || time == null) {
      throw new IllegalStateException("the fields are not a trade");
    }
    return new FeedEvent.Tick(
        TickKind.TRADE,
        symbol,
        price,
        size,
        null,
        time,
        new FeedEvent.VenueTrade(tradeId, side),
        snapshot);
  }
}
