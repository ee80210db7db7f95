package io.marketstream.simulator.finnhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.market.SimTrade;
import io.marketstream.simulator.server.FeedClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
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
              tuple("AAPL", 0L, 0L, 1L),
              tuple("AAPL", 1L, 1L, 1L),
              tuple("BINANCE:BTCUSDT", 0L, 2L, 1L),
              tuple("IC MARKETS:1", 0L, 3L, 1L));
    }
  }

  @Test
  void aWrongTokenIsRefusedWith401() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().tokens("right").start()) {
      assertThatThrownBy(() -> FeedClient.connect(simulator.url() + "/?token=wrong"))
          .isInstanceOfSatisfying(
              FeedClient.Refused.class, e -> assertThat(e.status()).isEqualTo(401));
      assertThat(simulator.connectionCount()).isZero();
      assertThat(simulator.handshakes()).hasSize(1);
      assertThat(simulator.handshakes().get(0).status()).isEqualTo(401);
      assertThat(simulator.handshakes().get(0).toString()).doesNotContain("wrong");
    }
  }

  @Test
  void theSymbolLimitCountsOpenSubscriptions() throws Exception {
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

  @Test
  void aSymbolInLowerCaseIsSubscribedInUpperCase() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().start();
        FeedClient client = connect(simulator)) {
      client.subscribe("brk.b", "ic markets:1");
      simulator.awaitSubscribed(Set.of("BRK.B", "IC MARKETS:1"), SOON);
      assertThat(simulator.subscribedSymbols()).containsExactly("BRK.B", "IC MARKETS:1");
      client.unsubscribe("brk.b");
      await().atMost(SOON).until(() -> simulator.subscribedSymbols().size() == 1);
    }
  }

  @Test
  void aSymbolThatTheFeedSpellsInLowerCaseTicksSo() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder().spellings("GEMINI:btcusd", "FXCM:UKOil").start();
        FeedClient client = connect(simulator)) {
      client.subscribe("GEMINI:BTCUSD", "fxcm:ukoil", "aapl");
      simulator.awaitSubscribed(Set.of("AAPL"), SOON);
      assertThat(simulator.subscribedSymbols())
          .containsExactly("GEMINI:btcusd", "FXCM:UKOil", "AAPL");
    }
  }

  @Test
  void anInvalidSymbolIsNamedAndOthersContinue() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder().invalidSymbols("OANDA:EUR_USD").start();
        FeedClient client = connect(simulator)) {
      client.subscribe("OANDA:EUR_USD", "AAPL");
      simulator.awaitSubscribed(Set.of("AAPL"), SOON);
      await().atMost(SOON).until(() -> client.texts().size() == 1);
      assertThat(client.texts())
          .containsExactly("{\"msg\":\"Invalid symbol OANDA:EUR_USD\",\"type\":\"error\"}");
      assertThat(simulator.subscribedSymbols()).containsExactly("AAPL");

      simulator.setInvalidSymbols(Set.of());
      client.subscribe("OANDA:EUR_USD");
      simulator.awaitSubscribed(Set.of("OANDA:EUR_USD"), SOON);
    }
  }

  @RepeatedTest(20)
  void aSecondConnectionOfAKeyDropsTheOlderOne() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().start();
        FeedClient older = connect(simulator);
        FeedClient newer = connect(simulator)) {
      await().atMost(SOON).until(older::isOver);
      assertThat(older.end()).isEqualTo(FeedClient.End.END_OF_STREAM);
      newer.subscribe("AAPL");
      simulator.awaitSubscribed(Set.of("AAPL"), SOON);
      simulator.awaitConnected(1, SOON);
      assertThat(simulator.connectionCount()).isEqualTo(2);
      assertThat(newer.isOver()).isFalse();
    }
  }

  @Test
  void aSecondConnectionOfAKeyCanDropBoth() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder().secondConnection(SecondConnection.DROP_BOTH).start();
        FeedClient older = connect(simulator);
        FeedClient newer = connect(simulator)) {
      await().atMost(SOON).until(() -> older.isOver() && newer.isOver());
      simulator.awaitConnected(0, SOON);
    }
  }

  @Test
  void aSecondConnectionOfAKeyCanBeRefusedAsTooMany() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder().secondConnection(SecondConnection.REFUSE_WITH_429).start();
        FeedClient older = connect(simulator)) {
      simulator.awaitConnected(1, SOON);
      assertThatThrownBy(() -> connect(simulator))
          .isInstanceOfSatisfying(
              FeedClient.Refused.class, e -> assertThat(e.status()).isEqualTo(429));
      assertThat(older.isOver()).isFalse();
    }
  }

  @Test
  void twoTokensMayEachHaveAConnection() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().tokens("one", "two").start();
        FeedClient first = FeedClient.connect(simulator.url() + "/?token=one");
        FeedClient second = FeedClient.connect(simulator.url() + "/?token=two")) {
      first.subscribe("AAPL");
      second.subscribe("MSFT");
      simulator.awaitSubscribed(Set.of("AAPL", "MSFT"), SOON);
      assertThat(simulator.connected()).isEqualTo(2);
      assertThat(simulator.send(List.of(SimTrade.of("AAPL", "1", "1", 1680286537580L))))
          .isEqualTo(2);
      assertThat(simulator.sent())
          .extracting(SentTick::connection, SentTick::sequence)
          .containsExactlyInAnyOrder(tuple(1L, 0L), tuple(2L, 0L));
    }
  }

  @Test
  void pingTextsComeOnTimeAlsoWhileTicksArePaused() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder().pingInterval(Duration.ofMillis(50)).start();
        FeedClient client = connect(simulator)) {
      simulator.pauseSending();
      int before = client.texts().size();
      await().atMost(SOON).until(() -> client.texts().size() >= before + 3);
      assertThat(client.texts()).containsOnly("{\"type\":\"ping\"}");
    }
  }

  @Test
  void anRfc6455PingIsAnsweredWithItsPayload() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().start();
        FeedClient client = connect(simulator)) {
      client.ping("are you there");
      await().atMost(SOON).until(() -> !client.pongs().isEmpty());
      assertThat(client.pongs().get(0)).asString().isEqualTo("are you there");
    }
  }

  @Test
  void sendingWhilePausedIsRefused() throws Exception {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().start();
        FeedClient client = connect(simulator)) {
      client.subscribe("AAPL");
      simulator.awaitSubscribed(Set.of("AAPL"), SOON);
      simulator.pauseSending();
      List<SimTrade> trades = List.of(SimTrade.of("AAPL", "1", "1", 1680286537580L));
      assertThatThrownBy(() -> simulator.send(trades)).isInstanceOf(IllegalStateException.class);
      simulator.resumeSending();
      assertThat(simulator.send(trades)).isEqualTo(1);
      assertThat(simulator.sentCount()).isEqualTo(1);
    }
  }

  @Test
  void aMessageWithoutRecipientsIsNotSent() {
    try (FinnhubSimulator simulator = FinnhubSimulator.builder().start()) {
      assertThat(simulator.send(List.of(SimTrade.of("AAPL", "1", "1", 1680286537580L)))).isZero();
      assertThat(simulator.sentCount()).isZero();
    }
  }

  /** The audit of a fault test would otherwise find ticks that nobody has sent. */
  @Test
  void aDroppedConnectionHasDeliveredNoMoreThanTheJournalHas() throws Exception {
    try (FinnhubSimulator busy =
        FinnhubSimulator.builder()
            .market(300_000, 20261130)
            .marketInterval(Duration.ofMillis(1))
            .start()) {
      for (int connection = 1; connection <= 20; connection++) {
        try (FeedClient client = connect(busy)) {
          client.say("{\"type\":\"subscribe\",\"symbol\":\"AAPL\"}");
          await().atMost(SOON).until(() -> client.texts().size() > 100);
          busy.faults().drop();
          await().atMost(SOON).until(client::isOver);
          long received =
              client.texts().stream().mapToLong(text -> text.split("\"p\":", -1).length - 1L).sum();
          long number = connection;
          await("what connection " + number + " delivered is in the journal")
              .atMost(SOON)
              .until(
                  () ->
                      busy.sent().stream().filter(tick -> tick.connection() == number).count()
                          >= received);
        }
      }
    }
  }
}
