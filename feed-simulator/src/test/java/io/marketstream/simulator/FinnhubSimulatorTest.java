package io.marketstream.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FinnhubSimulatorTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private static String query() {
    return "/?token=" + FinnhubSimulator.DEFAULT_TOKEN;
  }

  private static FeedClient connect(FinnhubSimulator simulator) throws Exception {
    return FeedClient.connect(simulator.url() + query());
  }

  @Test
  void aMessageIsWrittenToTheByteAndIsInTheJournal() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().start();
        FeedClient client = connect(simulator)) {
      client.subscribe("AAPL");
      simulator.awaitSubscribed(Set.of("AAPL"), SOON);

      SimTrade twin = SimTrade.of("AAPL", "164.0601", "5", 1680286537580L, "1", "12");
      int connections =
          simulator.send(
              List.of(
                  twin,
                  twin,
                  SimTrade.withNullConditions(
                      "BINANCE:BTCUSDT", "66972.7700000000000000001", "0.00008", 1721555886208L),
                  SimTrade.withoutConditions("IC MARKETS:1", "1", "0", 1680286537000L)));

      assertThat(connections).isEqualTo(1);
      await().atMost(SOON).until(() -> client.texts().size() == 1);
      assertThat(client.texts().get(0))
          .isEqualTo(
              "{\"data\":["
                  + "{\"c\":[\"1\",\"12\"],\"p\":164.0601,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":5},"
                  + "{\"c\":[\"1\",\"12\"],\"p\":164.0601,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":5},"
                  + "{\"c\":null,\"p\":66972.7700000000000000001,\"s\":\"BINANCE:BTCUSDT\",\"t\":1721555886208,\"v\":0.00008},"
                  + "{\"p\":1,\"s\":\"IC MARKETS:1\",\"t\":1680286537000,\"v\":0}"
                  + "],\"type\":\"trade\"}");
      assertThat(simulator.sent())
          .extracting(SentTick::symbol, SentTick::sequence, SentTick::index, SentTick::connection)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("AAPL", 0L, 0L, 1L),
              org.assertj.core.groups.Tuple.tuple("AAPL", 1L, 1L, 1L),
              org.assertj.core.groups.Tuple.tuple("BINANCE:BTCUSDT", 0L, 2L, 1L),
              org.assertj.core.groups.Tuple.tuple("IC MARKETS:1", 0L, 3L, 1L));
    }
  }

  @Test
  void aWrongTokenIsRefusedWith401() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().tokens("right").start()) {
      assertThatThrownBy(() -> FeedClient.connect(simulator.url() + "/?token=wrong"))
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
      assertThat(simulator.connectionCount()).isZero();
      assertThat(simulator.handshakes()).hasSize(1);
      assertThat(simulator.handshakes().get(0).status()).isEqualTo(401);
      assertThat(simulator.handshakes().get(0).toString()).doesNotContain("wrong");
    }
  }

  @Test
  void theFiftyFirstSymbolIsRefusedAndAnUnsubscribeFreesItsSlot() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().start();
        FeedClient client = connect(simulator)) {
      client.subscribe(IntStream.range(0, 50).mapToObj(i -> "S" + i).toArray(String[]::new));
      client.subscribe("LATE", "S7");
      await().atMost(SOON).until(() -> !client.texts().isEmpty());
      assertThat(client.texts())
          .containsExactly("{\"msg\":\"Subscribing to too many symbols\",\"type\":\"error\"}");
      client.unsubscribe("S3").subscribe("LATE");
      simulator.awaitSubscribed(Set.of("LATE"), SOON);
      assertThat(simulator.subscribedSymbols()).hasSize(50).doesNotContain("S3").contains("S7");
      assertThat(simulator.connected()).isEqualTo(1);
    }
  }
}
