package io.marketstream.coinbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.feed.repair.HistoricTrade;
import io.marketstream.feed.websocket.RestException;
import io.marketstream.model.TradeSide;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoinbaseHistoryTest {

  /** Rows that were seen on the wire. */
  @Test
  void capturedRowsDecodeToTheTextsOfTheWebsocket() throws RestException {
    String page =
        "[{\"trade_id\":1036397971,\"side\":\"buy\",\"size\":\"0.00002682\",\"price\":"
            + "\"62929.43000000\",\"time\":\"2026-06-11T12:53:38.945255Z\"},"
            + "{\"trade_id\":1,\"side\":\"sell\",\"size\":\"0.39900249\",\"price\":\"12.50000000\","
            + "\"time\":\"2016-05-18T00:14:03.60168Z\"},"
            + "{\"trade_id\":3,\"side\":\"sell\",\"size\":\"3.00000000\",\"price\":\"100\","
            + "\"time\":\"2016-05-18T00:14:03Z\",\"new\":{\"a\":[1]}}]";
    assertThat(CoinbaseHistory.decode("BTC-USD", page, 1, Long.MAX_VALUE))
        .containsExactly(
            new HistoricTrade(
                1036397971L,
                "62929.43",
                "0.00002682",
                Instant.parse("2026-06-11T12:53:38.945Z").toEpochMilli(),
                TradeSide.SELL),
            new HistoricTrade(
                1,
                "12.5",
                "0.39900249",
                Instant.parse("2016-05-18T00:14:03.601Z").toEpochMilli(),
                TradeSide.BUY),
            new HistoricTrade(
                3,
                "100",
                "3",
                Instant.parse("2016-05-18T00:14:03Z").toEpochMilli(),
                TradeSide.BUY));
    assertThat(CoinbaseHistory.decode("BTC-USD", "[]", 1, 9)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"message\":\"NotFound\"}|not a JSON array",
        "<html>|not JSON",
        "[{\"trade_id\":1}]|is not a trade (MISSING_FIELD)",
        "[{\"trade_id\":\"1\"}]|is not a trade (WRONG_TYPE)",
        "[1]|not an array of objects",
        "[] []|not an array of objects",
        "[{|not JSON"
      })
  void anythingElseIsRefusedAsAWhole(String page, String words) {
    assertThatThrownBy(() -> CoinbaseHistory.decode("BTC-USD", page, 1, Long.MAX_VALUE))
        .isInstanceOf(RestException.class)
        .hasMessageContaining(words);
  }
}
