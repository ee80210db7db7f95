package io.marketstream.simulator.finnhub;

import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.market.SimTrade;
import io.marketstream.simulator.server.JsonText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes Finnhub's messages: no white space, keys in the order of the real feed (docs/feeds.md).
 */
final class FinnhubFrames {

  private FinnhubFrames() {}

  /** Encodes {@link SimTrade}s as one message. Numbers are written verbatim. */
  static String trades(List<? extends SimTick> ticks) {
    StringBuilder json = new StringBuilder(32 + ticks.size() * 96).append("{\"data\":[");
    for (int i = 0; i < ticks.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      append(json, (SimTrade) ticks.get(i));
    }
    return json.append("],\"type\":\"trade\"}").toString();
  }

  /** Encodes an error message. */
  static String error(String message) {
    StringBuilder json = new StringBuilder("{\"msg\":");
    JsonText.quote(json, message);
    return json.append(",\"type\":\"error\"}").toString();
  }

  private static void append(StringBuilder json, SimTrade trade) {
    json.append('{');
    if (trade.conditionsPresent()) {
      json.append("\"c\":");
      appendConditions(json, trade.conditions());
      json.append(',');
    }
    json.append("\"p\":").append(trade.price()).append(",\"s\":");
    JsonText.quote(json, trade.symbol());
    json.append(",\"t\":").append(trade.timeMs()).append(",\"v\":").append(trade.volume());
    json.append('}');
  }

  private static void appendConditions(StringBuilder json, @Nullable List<String> conditions) {
    if (conditions == null) {
      json.append("null");
      return;
    }
    json.append('[');
    for (int i = 0; i < conditions.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      JsonText.quote(json, conditions.get(i));
    }
    json.append(']');
  }
}
