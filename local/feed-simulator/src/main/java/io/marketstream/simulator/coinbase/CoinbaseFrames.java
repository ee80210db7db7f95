package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.server.JsonText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    StringBuilder json =
        new StringBuilder("{\"type\":\"error\",\"message\":\"Failed to subscribe\",\"reason\":");
    JsonText.quote(json, reason);
    return json.append('}').toString();
  }

  private static String ended(StringBuilder json, boolean unknownField) {
    if (unknownField) {
      json.append(",\"venue_note\":{\"kind\":\"surprise\",\"ids\":[1,2]}");
    }
    return json.append('}').toString();
  }
}
