package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.server.JsonText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes Coinbase's frames: no white space, keys in the order of the real feed (docs/feeds.md).
 */
final class CoinbaseFrames {

  /** Six digits of a second, with their zeros. */
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private CoinbaseFrames() {}

  /**
   * A trade.
   *
   * @param type {@code match} or {@code last_match}
   * @param unknownField whether the frame ends with a field that is not documented
   */
  static String match(String type, SimMatch trade, boolean unknownField) {
    StringBuilder json = new StringBuilder(340).append("{\"type\":\"").append(type);
    json.append("\",\"trade_id\":").append(trade.id());
    json.append(",\"maker_order_id\":\"").append(trade.makerOrderId());
    json.append("\",\"taker_order_id\":\"").append(trade.takerOrderId());
    json.append("\",\"side\":\"").append(trade.makerSide().wireName());
    json.append("\",\"size\":");
    JsonText.quote(json, trade.size());
    json.append(",\"price\":");
    JsonText.quote(json, trade.price());
    json.append(",\"product_id\":\"").append(trade.symbol());
    json.append("\",\"sequence\":").append(trade.sequence());
    json.append(",\"time\":\"").append(TIME.format(trade.time())).append('"');
    return ended(json, unknownField);
  }

  static String heartbeat(
      String product, long lastTradeId, long sequence, Instant time, boolean unknownField) {
    StringBuilder json =
        new StringBuilder(140).append("{\"type\":\"heartbeat\",\"last_trade_id\":");
    json.append(lastTradeId).append(",\"product_id\":\"").append(product);
    json.append("\",\"sequence\":").append(sequence);
    json.append(",\"time\":\"").append(TIME.format(time)).append('"');
    return ended(json, unknownField);
  }

  /**
   * The ticker of a trade. Its side is the taker's, and the best prices keep their zeros.
   *
   * @param scale how many decimals the best prices have
   */
  static String ticker(SimMatch trade, DayStatistics day, int scale) {
    BigDecimal price = new BigDecimal(trade.price()).setScale(scale, RoundingMode.HALF_UP);
    BigDecimal step = BigDecimal.ONE.movePointLeft(scale);
    boolean takerBuys = trade.makerSide() == SimMatch.Side.SELL;
    StringBuilder json = new StringBuilder(460).append("{\"type\":\"ticker\",\"sequence\":");
    json.append(trade.sequence());
    text(json, "product_id", trade.symbol());
    text(json, "price", trade.price());
    text(json, "open_24h", day.open());
    text(json, "volume_24h", day.volume());
    text(json, "low_24h", day.low());
    text(json, "high_24h", day.high());
    text(json, "volume_30d", day.volume());
    text(json, "best_bid", (takerBuys ? price.subtract(step) : price).toPlainString());
    text(json, "best_bid_size", trade.size());
    text(json, "best_ask", (takerBuys ? price : price.add(step)).toPlainString());
    text(json, "best_ask_size", trade.size());
    text(json, "side", trade.makerSide().opposite().wireName());
    text(json, "time", TIME.format(trade.time()));
    json.append(",\"trade_id\":").append(trade.id());
    text(json, "last_size", trade.size());
    return json.append('}').toString();
  }

  private static void text(StringBuilder json, String key, String value) {
    json.append(",\"").append(key).append("\":");
    JsonText.quote(json, value);
  }

  /**
   * The answer to a request.
   *
   * @param channels by channel, its products; in the order of the wire
   */
  static String subscriptions(Map<String, List<String>> channels) {
    StringBuilder json = new StringBuilder("{\"type\":\"subscriptions\",\"channels\":[");
    String separator = "";
    for (Map.Entry<String, List<String>> channel : channels.entrySet()) {
      json.append(separator).append("{\"name\":");
      JsonText.quote(json, channel.getKey());
      json.append(",\"product_ids\":[");
      for (int i = 0; i < channel.getValue().size(); i++) {
        json.append(i > 0 ? "," : "");
        JsonText.quote(json, channel.getValue().get(i));
      }
      json.append("],\"account_ids\":null}");
      separator = ",";
    }
    return json.append("]}").toString();
  }

  /** A request that was refused. */
  static String failedToSubscribe(String reason) {
    return error("Failed to subscribe", reason);
  }

  /** An error, with or without a reason. */
  static String error(String message, @Nullable String reason) {
    StringBuilder json = new StringBuilder("{\"type\":\"error\"");
    text(json, "message", message);
    if (reason != null) {
      text(json, "reason", reason);
    }
    return json.append('}').toString();
  }

  private static String ended(StringBuilder json, boolean unknownField) {
    if (unknownField) {
      json.append(",\"venue_note\":{\"kind\":\"surprise\",\"ids\":[1,2]}");
    }
    return json.append('}').toString();
  }
}
