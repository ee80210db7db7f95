package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.ConnectorContract;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinnhubSourceConfigTest extends ConnectorContract {

  FinnhubSourceConfigTest() {
    super("finnhub", "finnhub.token", "finnhub.symbols");
  }

  @Override
  protected SourceConnector connector() {
    return new FinnhubSourceConnector();
  }

  @Override
  protected SourceTask task() {
    return new FinnhubSourceTask();
  }

  @Override
  protected AbstractConfig config(Map<String, String> properties) {
    return new FinnhubSourceConfig(properties);
  }

  @Override
  protected String validSymbols() {
    return "AAPL, BINANCE:BTCUSDT,IC MARKETS:1,BRK.B";
  }

  @Override
  protected Map<String, Object> ownDefaults() {
    return Map.of(
        "finnhub.websocket.url", "wss://ws.finnhub.io",
        "finnhub.subscribe.interval.ms", 30L,
        "idle.timeout.ms", 150_000L,
        "ping.interval.ms", 0L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|at least one symbol",
        "AAPL,,MSFT|two commas in a row",
        "AAPL,binance:btcusdt|did you mean 'BINANCE:btcusdt' or 'BINANCE:BTCUSDT'?",
        "AAPL,brk.b|did you mean 'BRK.B'?",
        "GEMINI:btcusd,GEMINI:BTCUSD|names one symbol twice, as 'GEMINI:btcusd' and as 'GEMINI:BTCUSD'",
        "AAPL,MSFT,AAPL|names 'AAPL' twice",
        "*|name each symbol",
        "AAPL,|for one at an end",
        "[AAPL,MSFT]|brackets or quotes",
        "[\"AAPL\",\"MSFT\"]|brackets or quotes",
        "\"AAPL,MSFT\"|brackets or quotes",
        "\u201CAAPL\u201D|brackets or quotes",
        "AAPL;MSFT|with a comma",
        "AAPL\uFF0CMSFT|with a comma",
        "'AAPL\nMSFT'|line break",
        "AAPL MSFT|separate symbols with commas",
        "BINANCE:BTCUSDT BINANCE:ETHUSDT|separate symbols with commas",
        "\uFEFFAAPL|U+FEFF",
        "AAPL,\u00A0MSFT|U+00A0",
        "AA\u200BPL|U+200B, number 3",
        "AAPL\u200E|U+200E",
        "${file:/etc/symbols.properties:symbols}|did not resolve",
        "AAPL,${env:MORE}|did not resolve"
      })
  void invalidListIsExplained(String list, String words) {
    assertOnlyError("finnhub.symbols", list, words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GEMINI:btcusd",
        "HUOBI:btcusdt",
        "OKEX:eth_usd",
        "ZB:btc_usdt",
        "FXCM:UKOil",
        "IC MARKETS:1"
      })
  void exchangeDecidesTheCaseAfterTheColon(String symbol) {
    Map<String, String> properties = minimal();
    properties.put("finnhub.symbols", "AAPL," + symbol);
    assertThat(errors(properties)).isEmpty();
  }

  /** Such spaces come from YAML, from continued lines of a properties file, or from typing. */
  @ParameterizedTest
  @ValueSource(
      strings = {" AAPL , MSFT ", "AAPL,\n  MSFT\n", "\tAAPL,\r\nMSFT", "AAPL,IC MARKETS:1"})
  void spaceAroundCommasIsIgnored(String list) {
    Map<String, String> properties = minimal();
    properties.put("finnhub.symbols", list);
    assertThat(errors(properties)).isEmpty();
    assertThat(new FinnhubSourceConfig(properties).getList("finnhub.symbols"))
        .hasSize(2)
        .startsWith("AAPL")
        .doesNotContain("");
  }

  @Test
  void urlWithCredentialIsRefusedWithoutRepeatingIt() {
    Map<String, String> properties = minimal();
    properties.put("finnhub.websocket.url", "wss://host/?token=s3cret");
    assertThat(errors(properties)).containsOnlyKeys("finnhub.websocket.url");
    assertThat(errors(properties).toString()).doesNotContain("s3cret");
  }
}
