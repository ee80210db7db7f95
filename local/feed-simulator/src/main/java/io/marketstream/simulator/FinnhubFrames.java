package io.marketstream.simulator;

import java.util.List;

/**
 * Finnhub's messages to the byte: no white space, keys in the order that was seen (docs/feeds.md).
 */
final class FinnhubFrames {

  private FinnhubFrames() {}

  /** A trade message of these {@link SimTrade}s, numbers verbatim. */
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

  /** An error message. */
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

  private static void appendConditions(StringBuilder json, List<String> conditions) {
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
