package io.marketstream.simulator.coincap;

import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.server.JsonText;
import java.util.List;

/** Encodes CoinCap's frames: slug → price as a string, without white space (docs/feeds.md). */
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
