package io.marketstream.coinbase;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.marketstream.feed.protocol.EventTime;
import io.marketstream.feed.protocol.WireDecimal;
import io.marketstream.feed.repair.HistoricTrade;
import io.marketstream.feed.repair.HistoryRow;
import io.marketstream.feed.websocket.RestException;
import java.nio.charset.StandardCharsets;

/** Decodes any bytes as a page of Coinbase's history, and as more fields of a row. */
class CoinbaseHistoryFuzzTest {

  private static final long NOW = 1_800_000_000_000L;

  private static final String ROW =
      "[{\"trade_id\":7,\"side\":\"buy\",\"size\":\"0.50000000\",\"price\":\"83335.51000000\","
          + "\"time\":\"2023-03-31T18:15:37.309540Z\",";

  @DictionaryFile(resourcePath = "dictionary")
  @FuzzTest
  void decode(byte[] wire) {
    String text = new String(wire, StandardCharsets.UTF_8);
    check(text);
    check(ROW + text + "}]");
  }

  /** A page gives rows with ids and valid trades, or the one exception that says why not. */
  private static void check(String page) {
    try {
      for (HistoryRow row : CoinbaseHistory.decode("BTC-USD", page, 1, Long.MAX_VALUE, NOW)) {
        if (row.id() < 1
            || (row instanceof HistoricTrade trade
                && (!EventTime.isPlausible(trade.eventTime(), NOW)
                    || WireDecimal.plain(trade.price()) == null
                    || WireDecimal.plain(trade.volume()) == null))) {
          throw new AssertionError("not a trade: " + row);
        }
      }
    } catch (RestException refused) {
      if (!refused.isOfRequest()) {
        throw new AssertionError("an answer is no outage", refused);
      }
    }
  }
}
