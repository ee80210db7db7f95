package io.marketstream.coinbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.feed.repair.HistoricTrade;
import io.marketstream.feed.repair.HistoryRow;
import io.marketstream.feed.repair.UnusableRow;
import io.marketstream.feed.websocket.RestException;
import io.marketstream.model.TradeSide;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoinbaseHistoryTest {

  private static final long NOW = Instant.parse("2026-12-02T00:00:00Z").toEpochMilli();

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
    assertThat(CoinbaseHistory.decode("BTC-USD", page, 1, Long.MAX_VALUE, NOW))
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
    assertThat(CoinbaseHistory.decode("BTC-USD", "[]", 1, 9, NOW)).isEmpty();
  }

  /**
   * A row of a page.
   *
   * @param field replaces the field of its name
   */
  private static String row(long id, String field) {
    String fields =
        "\"side\":\"buy\",\"size\":\"2.00000000\",\"price\":\"12.50000000\","
            + "\"time\":\"2016-05-18T00:14:03.60168Z\"";
    String name = field.substring(0, field.indexOf(':'));
    return "{\"trade_id\":" + id + "," + fields.replaceFirst(name + ":\"[^\"]*\"", field) + "}";
  }

  private static String trade(long id) {
    return row(id, "\"side\":\"buy\"");
  }

  private static List<HistoryRow> decode(String... rows) throws RestException {
    return CoinbaseHistory.decode("BTC-USD", "[" + String.join(",", rows) + "]", 500, 502, NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"size\":\"0.00000000\"|INVALID_DECIMAL: 'size' is not positive",
        "\"size\":\"-1\"|INVALID_DECIMAL: 'size' is not positive",
        "\"price\":\"1O\"|INVALID_DECIMAL: 'price' is not a decimal",
        "\"price\":12.5|WRONG_TYPE: 'price' is not a string",
        "\"price\":{\"a\":[1]}|WRONG_TYPE: 'price' is not a string",
        "\"side\":\"both\"|WRONG_TYPE: 'side' is neither buy nor sell",
        "\"side\":null|WRONG_TYPE: 'side' is not a string",
        "\"time\":\"yesterday\"|WRONG_TYPE: 'time' is not a time",
        "\"time\":1|WRONG_TYPE: 'time' is not a string",
        "\"time\":\"2026-12-03T00:00:00.001Z\"|IMPLAUSIBLE_TIME: 'time' is before 1990 or over a day",
        "\"time\":\"1970-01-01T00:00:00Z\"|IMPLAUSIBLE_TIME: 'time' is before 1990 or over a day"
      })
  void unusableRowLeavesTheOthersUsable(String field, String problem) throws RestException {
    List<HistoryRow> rows = decode(trade(502), row(501, field), trade(500));
    assertThat(rows).extracting(HistoryRow::id).containsExactly(502L, 501L, 500L);
    assertThat(rows.get(0)).isInstanceOf(HistoricTrade.class);
    assertThat(rows.get(2)).isInstanceOf(HistoricTrade.class);
    assertThat(rows.get(1)).isInstanceOf(UnusableRow.class);
    assertThat(((UnusableRow) rows.get(1)).problem()).startsWith(problem);
  }

  @Test
  void timeOfADayAheadIsPlausibleAsOnTheWebsocket() throws RestException {
    assertThat(decode(row(500, "\"time\":\"2026-12-03T00:00:00Z\"")))
        .hasOnlyElementsOfType(HistoricTrade.class);
  }

  @Test
  void tradeOutsideTheRangeShowsThatTheFormatIsKnown() throws RestException {
    String unusable = row(500, "\"size\":\"0\"");
    assertThat(decode(unusable, trade(499))).extracting(HistoryRow::id).containsExactly(500L);
    assertThatThrownBy(() -> decode(unusable, row(499, "\"size\":\"0\"")))
        .isInstanceOf(RestException.class)
        .hasMessageContaining("no row of the answer is a trade");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"message\":\"NotFound\"}|not a JSON array",
        "<html>|not JSON",
        "[{\"trade_id\":1}]|no row of the answer is a trade (MISSING_FIELD",
        "[{\"trade_id\":\"1\"}]|has no 'trade_id'",
        "[{\"trade_id\":0}]|has no 'trade_id'",
        "[{\"trade_id\":-1}]|has no 'trade_id'",
        "[{\"trade_id\":1234567890123456789}]|has no 'trade_id'",
        "[1]|not an array of objects",
        "[] []|not an array of objects",
        "[{|not JSON"
      })
  void anythingElseIsRefusedAsAWhole(String page, String words) {
    assertThatThrownBy(() -> CoinbaseHistory.decode("BTC-USD", page, 1, Long.MAX_VALUE, NOW))
        .isInstanceOf(RestException.class)
        .hasMessageContaining(words);
  }
}
