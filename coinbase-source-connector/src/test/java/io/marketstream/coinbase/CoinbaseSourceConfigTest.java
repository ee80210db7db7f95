package io.marketstream.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.ConnectorContract;
import java.util.Map;
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
        "coinbase.websocket.url", "wss://ws-feed.exchange.coinbase.com",
        "idle.timeout.ms", 15_000L,
        "ping.interval.ms", 0L);
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

  @Test
  void everyProductIsInASubscribeFrameOfAtMostAHundred() {
    java.util.List<String> products =
        java.util.stream.IntStream.range(0, 250).mapToObj(i -> "C" + i + "-USD").toList();
    CoinbaseProtocol protocol = new CoinbaseProtocol("ws://localhost", products);
    assertThat(protocol.subscriptions(products))
        .extracting(subscription -> subscription.symbols().size())
        .containsExactly(100, 100, 50);
    assertThat(
            new CoinbaseProtocol("ws://localhost", products).subscriptions(products.subList(0, 2)))
        .extracting(io.marketstream.feed.protocol.Subscription::frame)
        .containsExactly(
            "{\"type\":\"subscribe\",\"product_ids\":[\"C0-USD\",\"C1-USD\"],"
                + "\"channels\":[\"matches\",\"heartbeat\"]}");
  }
}
