package io.marketstream.simulator.coincap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.marketstream.simulator.journal.Feed;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.server.FeedClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CoinCapSimulatorTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private static FeedClient connect(CoinCapSimulator simulator, String assets) throws Exception {
    return FeedClient.connect(
        simulator.url() + "?assets=" + assets + "&apiKey=" + CoinCapSimulator.DEFAULT_API_KEY);
  }

  private static Map<String, String> prices(String... slugsAndPrices) {
    Map<String, String> prices = new LinkedHashMap<>();
    for (int i = 0; i < slugsAndPrices.length; i += 2) {
      prices.put(slugsAndPrices[i], slugsAndPrices[i + 1]);
    }
    return prices;
  }

  @Test
  void aFrameIsWrittenToTheByteAndIsInTheJournal() throws Exception {
    try (CoinCapSimulator simulator = CoinCapSimulator.builder().start();
        FeedClient client = connect(simulator, "bitcoin,ethereum")) {
      simulator.awaitSubscribed(Set.of("bitcoin", "ethereum"), SOON);
      simulator.sendPrices(
          prices("bitcoin", "6389.06534240", "ethereum", "0.0000123456789012345678"));
      simulator.sendPrices(prices("bitcoin", "6389.06534241"));

      await().atMost(SOON).until(() -> client.texts().size() == 2);
      assertThat(client.texts())
          .containsExactly(
              "{\"bitcoin\":\"6389.06534240\",\"ethereum\":\"0.0000123456789012345678\"}",
              "{\"bitcoin\":\"6389.06534241\"}");
      assertThat(simulator.sent())
          .extracting(
              SentTick::feed,
              SentTick::symbol,
              SentTick::price,
              SentTick::sequence,
              SentTick::volume,
              SentTick::eventTimeMs)
          .containsExactly(
              tuple(Feed.COINCAP, "bitcoin", "6389.06534240", 0L, null, null),
              tuple(Feed.COINCAP, "ethereum", "0.0000123456789012345678", 0L, null, null),
              tuple(Feed.COINCAP, "bitcoin", "6389.06534241", 1L, null, null));
    }
  }

  @Test
  void aWrongKeyIsAcceptedThenRefusedInATextFrame() throws Exception {
    try (CoinCapSimulator simulator = CoinCapSimulator.builder().apiKeys("right").start();
        FeedClient client = FeedClient.connect(simulator.url() + "?assets=bitcoin&apiKey=wrong")) {
      await().atMost(SOON).until(client::isOver);
      assertThat(client.texts()).hasSize(1);
      assertThat(client.texts().get(0)).startsWith("Unauthorized");
      assertThat(client.closeCode()).isEqualTo(1008);
      assertThat(simulator.handshakes().get(0).status()).isEqualTo(101);
      assertThat(simulator.subscribedSymbols()).isEmpty();
    }
  }

  @Test
  void aGoodKeyCanGoBadInTheMiddle() throws Exception {
    try (CoinCapSimulator simulator = CoinCapSimulator.builder().start();
        FeedClient client = connect(simulator, "bitcoin")) {
      simulator.awaitSubscribed(Set.of("bitcoin"), SOON);
      simulator.sendPrices(prices("bitcoin", "1"));
      simulator.faults().unauthorized();
      await().atMost(SOON).until(client::isOver);
      assertThat(client.texts()).hasSize(2).last().asString().startsWith("Unauthorized");
    }
  }

  @Test
  void allAssetsTickForAllOnlyNamedOnesForOthers() throws Exception {
    try (CoinCapSimulator simulator = CoinCapSimulator.builder().market(400, 11).start();
        FeedClient all = connect(simulator, "ALL");
        FeedClient one = connect(simulator, "dogecoin")) {
      simulator.awaitSubscribed(Set.of("ALL", "dogecoin"), SOON);
      await()
          .atMost(SOON)
          .until(() -> one.texts().size() > 3 && simulator.journal().sentBySymbol().size() > 30);
      simulator.pauseSending();
      assertThat(one.texts()).allMatch(text -> text.matches("\\{\"dogecoin\":\"[0-9.]+\"}"));
      List<SentTick> toOne =
          simulator.sent().stream()
              .filter(tick -> tick.symbol().equals("dogecoin") && tick.connection() == 2)
              .toList();
      await().atMost(SOON).until(() -> one.texts().size() == toOne.size());
      assertThat(one.texts())
          .containsExactlyElementsOf(
              toOne.stream().map(tick -> "{\"dogecoin\":\"" + tick.price() + "\"}").toList());
      assertThat(all.texts()).isNotEmpty();
    }
  }
}
