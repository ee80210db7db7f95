package io.marketstream.simulator;

import java.util.List;

/** CoinCap's frames to the byte: slug → price as a string, no white space (docs/feeds.md). */
final class CoinCapFrames {

  private CoinCapFrames() {}

  static String prices(List<? extends SimTick> ticks) {
    StringBuilder json = new StringBuilder(ticks.size() * 40 + 2).append('{');
    for (int i = 0; i < ticks.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      JsonText.quote(json, ticks.get(i).symbol());
      json.append(':');
      JsonText.quote(json, ticks.get(i).price());
    }
    return json.append('}').toString();
  }
}
