package io.marketstream.finnhub;

import io.marketstream.feed.harness.FeedTaskHarness;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceTask;
import org.awaitility.Awaitility;

/** A task of the connector against the simulated feed. */
abstract class FinnhubTaskHarness extends FeedTaskHarness {

  static final String TOKEN = "t0ken-that/must not&leak";
  static final String BTC = "BINANCE:BTCUSDT";
  static final String PROXY_PASSWORD = "pr0xy-s3cret";
  static final String PROXY_AUTHORIZATION =
      "Basic "
          + Base64.getEncoder()
              .encodeToString(("us:" + PROXY_PASSWORD).getBytes(StandardCharsets.UTF_8));

  final FinnhubSimulator feed =
      FinnhubSimulator.builder().tokens(TOKEN).pingInterval(Duration.ZERO).start();

  FinnhubTaskHarness() {
    super(
        "io.marketstream.finnhub",
        List.of(
            TOKEN, "t0ken-that", PROXY_PASSWORD, PROXY_AUTHORIZATION.substring("Basic ".length())));
    properties.put("finnhub.token", TOKEN);
    properties.put("finnhub.symbols", "AAPL," + BTC);
    properties.put("finnhub.websocket.url", feed.url());
    properties.put("finnhub.subscribe.interval.ms", "5");
  }

  @Override
  protected SourceTask newTask() {
    return new FinnhubSourceTask();
  }

  @Override
  protected void closeFeed() {
    feed.close();
  }

  void awaitSubscribed() throws Exception {
    feed.awaitSubscribed(List.of("AAPL", BTC), SOON);
  }

  SimTrade trade(String symbol, String price) {
    return SimTrade.of(symbol, price, "5", System.currentTimeMillis(), "1", "12");
  }

  void awaitSubscribedAgain(long connection) throws Exception {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> feed.connectionCount() >= connection && feed.connected() == 1);
    awaitSubscribed();
    Thread.sleep(1_100); // subscriptions count as effective after a second
  }

  static String price(Struct tick) {
    return tick.getString("price");
  }
}
