package io.marketstream.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.ConnectorContract;
import io.marketstream.feed.protocol.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoinbaseSourceConfigTest extends ConnectorContract {

  CoinbaseSourceConfigTest() {
    super("coinbase", null, "coinbase.products");
  }

  @Override
  protected SourceConnector connector() {
    return new CoinbaseSourceConnector();
  }

  @Override
  protected SourceTask task() {
    return new CoinbaseSourceTask();
  }

  @Override
  protected AbstractConfig config(Map<String, String> properties) {
    return new CoinbaseSourceConfig(properties);
  }

  @Override
  protected String validSymbols() {
    return "BTC-USD, ETH-EUR";
  }

  @Override
  protected Map<String, Object> ownDefaults() {
    return Map.of(
        "coinbase.websocket.url",
        "wss://ws-feed.exchange.coinbase.com",
        "coinbase.rest.url",
        "https://api.exchange.coinbase.com",
        "coinbase.repair.enabled",
        true,
        "coinbase.repair.max.trades",
        100_000,
        "coinbase.repair.requests.per.second",
        3,
        "idle.timeout.ms",
        15_000L,
        "ping.interval.ms",
        0L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|at least one product",
        "BTC-USD,,ETH-USD|two commas in a row",
        "btc-usd|did you mean 'BTC-USD'?",
        "BTC/USD|did you mean 'BTC-USD'?",
        "btc_usd|did you mean 'BTC-USD'?",
        "BTCUSD|with one hyphen",
        "BTC-USD-PERP|with one hyphen",
        "*|is not a product",
        "BTC-USD;ETH-USD|with a comma",
        "BTC-USD ETH-USD|is not a product",
        "BTC-USD,BTC-USD|names 'BTC-USD' twice"
      })
  void invalidListIsExplained(String list, String words) {
    assertOnlyError("coinbase.products", list, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "coinbase.rest.url|ftp://host|must begin with https://",
        "coinbase.rest.url|https://user:secret@host|must not carry a credential",
        "coinbase.rest.url|https://api.exchange.coinbase.com?x=1|must not have a query",
        "coinbase.rest.url|https://api.exchange.coinbase.com#x|must not have a fragment",
        "coinbase.repair.max.trades|0|at least 1",
        "coinbase.repair.requests.per.second|11|no more than 10"
      })
  void invalidSettingOfTheRepairIsExplained(String key, String value, String words) {
    assertOnlyError(key, value, words);
  }

  @Test
  void historyOfAnotherVenueIsRefused() {
    Map<String, String> properties = new HashMap<>();
    properties.put("coinbase.products", "BTC-USD");
    properties.put("coinbase.websocket.url", "ws://127.0.0.1:9703");
    assertThat(errors(properties))
        .containsOnlyKeys("coinbase.rest.url")
        .extractingByKey("coinbase.rest.url")
        .asString()
        .contains("history must be that of the same venue");
    properties.put("coinbase.rest.url", "http://127.0.0.1:9703");
    assertThat(errors(properties)).isEmpty();
    properties.remove("coinbase.rest.url");
    properties.put("coinbase.repair.enabled", "false");
    assertThat(errors(properties)).isEmpty();
  }

  @Test
  void everyProductIsInASubscribeFrameOfAtMostAHundred() {
    List<String> products = IntStream.range(0, 250).mapToObj(i -> "C" + i + "-USD").toList();
    CoinbaseProtocol protocol = new CoinbaseProtocol("ws://localhost", products);
    assertThat(protocol.subscriptions(products))
        .extracting(subscription -> subscription.symbols().size())
        .containsExactly(100, 100, 50);
    assertThat(
            new CoinbaseProtocol("ws://localhost", products).subscriptions(products.subList(0, 2)))
        .extracting(Subscription::frame)
        .containsExactly(
            "{\"type\":\"subscribe\",\"product_ids\":[\"C0-USD\",\"C1-USD\"],"
                + "\"channels\":[\"matches\",\"heartbeat\"]}");
  }
}
