package io.marketstream.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.fault.HostileFrames;
import io.marketstream.simulator.fault.RawFrame;
import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.market.SimTrade;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.hamcrest.CustomMatcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class FeedFaultsTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final List<SimTrade> TRADE =
      List.of(SimTrade.of("AAPL", "164.06", "5", 1680286537580L, "1"));

  private FinnhubSimulator simulator;

  @BeforeEach
  void start() {
    simulator = FinnhubSimulator.builder().start();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private FeedClient connect() throws Exception {
    return FeedClient.connect(url());
  }

  private FeedClient subscribed() throws Exception {
    FeedClient client = connect().subscribe("AAPL");
    simulator.awaitSubscribed(Set.of("AAPL"), SOON);
    return client;
  }

  private String url() {
    return simulator.url() + "/?token=" + FinnhubSimulator.DEFAULT_TOKEN;
  }

  @Test
  void aCloseFrameCarriesCodeAndReason() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().close(1013, "try again later");
      await().atMost(SOON).until(client::isOver);
      assertThat(client.closeCode()).isEqualTo(1013);
      assertThat(client.closeReason()).isEqualTo("try again later");
    }
  }

  @Test
  void aDropEndsTheStreamWithoutACloseFrame() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.send(TRADE);
      simulator.faults().drop();
      await().atMost(SOON).until(client::isOver);
      assertThat(client.end()).isEqualTo(FeedClient.End.END_OF_STREAM);
      assertThat(client.texts()).hasSize(1);
      simulator.awaitConnected(0, SOON);
      assertThat(simulator.send(TRADE)).isZero();
      assertThat(simulator.sentCount()).isEqualTo(1);
    }
  }

  @Test
  void aResetIsSeenAsAReset() throws Exception {
    try (FeedClient client = connect()) {
      simulator.awaitConnected(1, SOON);
      simulator.faults().reset();
      await().atMost(SOON).until(client::isOver);
      assertThat(client.end()).isEqualTo(FeedClient.End.RESET);
    }
  }

  @Test
  void aStalledConnectionGetsNothingNotEvenPingTexts() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().stall();
      assertThat(simulator.send(TRADE)).isZero();
      assertThat(simulator.sendPing()).isZero();
      client.ping("alive");
      await().atMost(SOON).until(() -> client.pongs().size() == 1);
      assertThat(client.texts()).isEmpty();
      assertThat(client.isOver()).isFalse();
      assertThat(simulator.sentCount()).isZero();

      simulator.faults().resume();
      assertThat(simulator.send(TRADE)).isEqualTo(1);
      await().atMost(SOON).until(() -> client.texts().size() == 1);
    }
  }

  @Test
  void aDeadStallLeavesPingFramesUnanswered() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().stall(false);
      client.ping("first");
      // The server reads in order. If it knows this subscription, it has read the ping and not
      // answered it.
      client.subscribe("MSFT");
      simulator.awaitSubscribed(Set.of("MSFT"), SOON);
      simulator.faults().resume();
      client.ping("second");
      await().atMost(SOON).until(() -> !client.pongs().isEmpty());
      assertThat(client.pongs()).hasSize(1);
      assertThat(client.pongs().get(0)).asString().isEqualTo("second");
    }
  }

  @Test
  void handshakesFailWithTheAskedStatusAsOftenAsAsked() throws Exception {
    Instant retryAt = Instant.parse("2026-11-03T04:05:06.789Z");
    simulator.faults().failHandshakes(2, HandshakeFault.status(503));
    simulator.faults().failHandshakes(1, HandshakeFault.status(429, Duration.ofSeconds(7)));
    simulator.faults().failHandshakes(1, HandshakeFault.status(429, retryAt));
    simulator.faults().failHandshakes(1, HandshakeFault.status(200));
    for (int status : new int[] {503, 503, 429, 429, 200}) {
      Optional<String> retryAfter = refusal(status);
      assertThat(retryAfter.isPresent()).isEqualTo(status == 429);
      retryAfter.ifPresent(value -> assertThat(value).isIn("7", "Tue, 03 Nov 2026 04:05:06 GMT"));
    }
    try (FeedClient client = subscribed()) {
      assertThat(client.isOver()).isFalse();
    }
    assertThat(simulator.handshakes())
        .extracting(HandshakeAttempt::status)
        .containsExactly(503, 503, 429, 429, 200, 101);
    assertThat(simulator.handshakes().get(5).headers()).containsEntry("upgrade", "websocket");
  }

  private Optional<String> refusal(int status) {
    FeedClient.Refused refused = catchThrowableOfType(FeedClient.Refused.class, this::connect);
    assertThat(refused.status()).isEqualTo(status);
    return Optional.ofNullable(refused.retryAfter());
  }

  @Test
  void aHangingHandshakeIsAnsweredLate() throws Exception {
    simulator.faults().failHandshakes(1, HandshakeFault.hang(Duration.ofMillis(700)));
    long before = System.nanoTime();
    try (FeedClient client = connect()) {
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(700));
      assertThat(client.isOver()).isFalse();
    }
  }

  @Test
  void aSimulatorWithAHangingHandshakeClosesAtOnce() throws Exception {
    simulator.faults().failHandshakes(1, HandshakeFault.hang(Duration.ofMinutes(5)));
    try (FeedClient client = FeedClient.request(url())) {
      await().atMost(SOON).until(() -> simulator.handshakeCount() == 1);
      assertThat(simulator.handshakes().get(0).status()).isZero();
      long before = System.nanoTime();
      simulator.close();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void aHandshakeCanBeDroppedUnanswered() throws Exception {
    simulator.faults().failHandshakes(1, HandshakeFault.drop());
    try (FeedClient client = FeedClient.request(url())) {
      assertThat(client.readByte()).isEqualTo(-1);
    }
  }

  @Test
  void repeatedMessagesAreEachInTheJournal() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().repeatMessages(3);
      simulator.send(TRADE);
      await().atMost(SOON).until(() -> client.texts().size() == 3);
      assertThat(Set.copyOf(client.texts())).hasSize(1);
      assertThat(simulator.sent()).extracting(SentTick::sequence).containsExactly(0L, 1L, 2L);
    }
  }

  private static String invalid(String symbol) {
    return "{\"msg\":\"Invalid symbol " + symbol + "\",\"type\":\"error\"}";
  }

  private static final String TOO_MANY =
      "{\"msg\":\"Subscribing to too many symbols\",\"type\":\"error\"}";

  @Test
  void aRefusedSubscriptionIsAcceptedAfterItsTime() throws Exception {
    simulator.faults().refuseSubscriptions(Set.of("OANDA:EUR_USD"), Duration.ofMillis(400));
    try (FeedClient client = subscribed()) {
      client.subscribe("OANDA:EUR_USD");
      await().atMost(SOON).until(() -> client.texts().equals(List.of(invalid("OANDA:EUR_USD"))));
      await()
          .atMost(SOON)
          .until(
              () -> {
                client.subscribe("OANDA:EUR_USD");
                return simulator.subscribedSymbols().contains("OANDA:EUR_USD");
              });
    }
  }

  @Test
  void subscriptionsAreRefusedUntilAccepted() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().refuseSubscriptions(Set.of("AAPL", "MSFT"));
      client.subscribe("MSFT");
      await().atMost(SOON).until(() -> client.texts().equals(List.of(invalid("MSFT"))));
      assertThat(simulator.subscribedSymbols()).containsExactly("AAPL");

      simulator.faults().acceptSubscriptions();
      client.subscribe("MSFT");
      simulator.awaitSubscribed(Set.of("MSFT"), SOON);
    }
  }

  @Test
  void tooManySymbolsNamesNoneAndComesAsOftenAsAsked() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().refuseSubscriptionsWithoutName(2);
      client.subscribe("AAPL", "MSFT", "TSLA", "NVDA");
      simulator.awaitSubscribed(Set.of("NVDA"), SOON);
      await().atMost(SOON).until(() -> client.texts().equals(List.of(TOO_MANY, TOO_MANY)));
      assertThat(simulator.subscribedSymbols()).containsExactly("AAPL", "NVDA");
    }
  }

  @Test
  void aLowerSymbolLimitLeavesWhatIsSubscribed() throws Exception {
    try (FeedClient client = subscribed()) {
      client.subscribe("MSFT");
      simulator.awaitSubscribed(Set.of("MSFT"), SOON);
      simulator.faults().limitSymbols(1);
      client.subscribe("TSLA");
      await().atMost(SOON).until(() -> client.texts().equals(List.of(TOO_MANY)));
      assertThat(simulator.subscribedSymbols()).containsExactly("AAPL", "MSFT");
    }
  }

  @Test
  void slowSubscriptionsActLateAndInTheirOrder() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().slowSubscriptions(Duration.ofMillis(500));
      long before = System.nanoTime();
      client.subscribe("MSFT", "TSLA").unsubscribe("MSFT").subscribe("NVDA");
      simulator.awaitSubscribed(Set.of("NVDA"), SOON);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThanOrEqualTo(Duration.ofMillis(500));
      assertThat(simulator.subscribedSymbols()).containsExactly("AAPL", "TSLA", "NVDA");
    }
  }

  @Test
  void coinCapHasNoSubscriptionsToRefuse() {
    try (CoinCapSimulator coincap = CoinCapSimulator.builder().start()) {
      assertThatThrownBy(() -> coincap.faults().refuseSubscriptionsWithoutName(1))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void refusedConnectionsDoNotAffectTheOpenOne() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.faults().refuseConnections();
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      assertThat(simulator.send(TRADE)).isEqualTo(1);
      await().atMost(SOON).until(() -> client.texts().size() == 1);

      simulator.faults().acceptConnections();
      try (FeedClient second = connect()) {
        await().atMost(SOON).until(client::isOver);
        assertThat(second.isOver()).isFalse();
      }
    }
  }

  @Test
  void aRestartedServerListensOnTheSamePort() throws Exception {
    int port = simulator.port();
    for (int restart = 0; restart < 3; restart++) {
      try (FeedClient client = subscribed()) {
        simulator.faults().stopServer();
        await().atMost(SOON).until(client::isOver);
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        simulator.faults().restartServer(Duration.ofMillis(50));
        await().atMost(SOON).ignoreExceptions().until(this::canConnect);
      }
    }
    assertThat(simulator.port()).isEqualTo(port);
  }

  private boolean canConnect() throws Exception {
    connect().close();
    simulator.awaitConnected(0, SOON);
    return true;
  }

  @Test
  void flappingDropsEveryConnectionUntilItEnds() throws Exception {
    simulator.faults().flapEvery(Duration.ofMillis(100));
    for (int i = 0; i < 3; i++) {
      try (FeedClient client = connect()) {
        await().atMost(SOON).until(client::isOver);
      }
    }
    simulator.faults().stopFlapping();
    simulator.awaitConnected(0, SOON);
    try (FeedClient client = subscribed()) {
      assertThat(simulator.send(TRADE)).isEqualTo(1);
      assertThat(client.isOver()).isFalse();
    }
  }

  @Test
  void hostileFramesReachTheWireAsTheyAre() throws Exception {
    try (FeedClient client = subscribed()) {
      RawFrame oversized = HostileFrames.oversized();
      assertThat(oversized.payload()).hasSize(10_000_000);
      simulator.sendRaw(HostileFrames.truncatedJson());
      simulator.sendBytes(new byte[] {0, (byte) 0xFF});
      simulator.sendRaw(oversized);
      simulator.sendRaw(HostileFrames.deeplyNested());
      simulator.sendPingFrame();
      await().atMost(SOON).until(() -> client.pings().size() == 1);
      assertThat(client.textBytes()).hasSize(3);
      assertThat(client.texts().get(0)).endsWith("\"t\":16802");
      assertThat(client.textBytes().get(1)).isEqualTo(oversized.payload());
      assertThat(client.texts().get(2)).contains("[".repeat(10_000) + "]".repeat(10_000));
      assertThat(client.binaries()).singleElement().isEqualTo(new byte[] {0, (byte) 0xFF});
      assertThat(simulator.sentCount()).isZero();

      simulator.sendRaw(HostileFrames.invalidUtf8());
      await().atMost(SOON).until(() -> client.textBytes().size() == 4);
      assertThat(client.textBytes().get(3)).containsSequence('A', 0xC3, 0x28);
    }
  }

  @Test
  void aFrameWrittenByHandCanCountItsTicks() throws Exception {
    try (FeedClient client = subscribed()) {
      simulator.sendRaw(
          "{\"data\":[{\"s\":\"BAD\"},"
              + "{\"c\":[\"1\"],\"p\":164.06,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":5}],\"type\":\"trade\"}",
          TRADE);
      await().atMost(SOON).until(() -> client.texts().size() == 1);
      assertThat(simulator.sent()).extracting(SentTick::symbol).containsExactly("AAPL");
    }
  }

  @Test
  void ticksOfABlockedWriteAreNotInTheJournal() throws Exception {
    List<SimTrade> bulk = Collections.nCopies(2_000, TRADE.get(0));
    try (FeedClient client = FeedClient.connectWithoutReading(url())) {
      client.subscribe("AAPL");
      simulator.awaitSubscribed(Set.of("AAPL"), SOON);
      // The client reads nothing, so the writes fill the buffers and then block.
      Thread sending =
          new Thread(
              () -> {
                while (simulator.send(bulk) == 1) {
                  // Continues until one write fails.
                }
              });
      sending.start();
      await()
          .atMost(SOON)
          .during(Duration.ofSeconds(2))
          .until(simulator::sentCount, new Unchanged());
      simulator.faults().drop();
      sending.join(SOON.toMillis());
      assertThat(sending.isAlive()).isFalse();
      assertThat(simulator.sentCount()).isPositive();
      assertThat(simulator.sentCount() % bulk.size()).isZero();
      assertThat(simulator.journal().unconfirmed())
          .asInstanceOf(InstanceOfAssertFactories.list(SimTick.class))
          .isEqualTo(bulk);
    }
  }

  private static String url(FinnhubSimulator simulator, String token) {
    return simulator.url() + "/?token=" + token;
  }

  @Test
  void aClientThatDoesNotReadDoesNotDelayOthers() throws Exception {
    List<SimTrade> bulk = Collections.nCopies(10_000, TRADE.get(0));
    try (FinnhubSimulator two = FinnhubSimulator.builder().tokens("a", "b").start();
        FeedClient deaf = FeedClient.connectWithoutReading(url(two, "a"));
        FeedClient reader = FeedClient.connect(url(two, "b"))) {
      deaf.subscribe("AAPL");
      reader.subscribe("AAPL");
      await().atMost(SOON).until(() -> two.stats().connected() == 2);
      await().atMost(SOON).until(() -> subscribers(two) == 2);
      List<Thread> sending = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        // Each message goes to both clients. The client that does not read gets more than its
        // buffers hold.
        Thread thread = new Thread(() -> two.send(bulk));
        thread.setDaemon(true);
        thread.start();
        sending.add(thread);
      }
      await().atMost(SOON).until(() -> reader.texts().size() == 20);
      assertThat(two.slowReadersCut()).isZero();
      two.faults().drop();
      for (Thread thread : sending) {
        thread.join(SOON.toMillis());
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  private static long subscribers(FinnhubSimulator simulator) {
    long count = 0;
    for (FeedConnection connection : simulator.connections()) {
      count += connection.subscriptions().isEmpty() ? 0 : 1;
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReaderIsHandledAsConfigured(SlowReaders.Action action) throws Exception {
    SlowReaders rule = new SlowReaders(action, 100_000);
    try (FinnhubSimulator busy =
            FinnhubSimulator.builder()
                .market(50_000, 5)
                .marketInterval(Duration.ofMillis(50))
                .slowReaders(rule)
                .start();
        FeedClient deaf =
            FeedClient.connectWithoutReading(url(busy, FinnhubSimulator.DEFAULT_TOKEN))) {
      deaf.subscribe("AAPL");
      if (action == SlowReaders.Action.SKIP) {
        await().atMost(SOON).during(Duration.ofSeconds(2)).until(busy::sentCount, new Unchanged());
        assertThat(busy.connected()).isEqualTo(1);
        assertThat(busy.slowReadersCut()).isZero();
        return;
      }
      await().atMost(SOON).until(() -> busy.slowReadersCut() == 1);
      busy.awaitConnected(0, SOON);
      busy.faults().slowReaders(SlowReaders.KEPT);
      long sent = busy.sentCount();
      try (FeedClient next = FeedClient.connect(url(busy, FinnhubSimulator.DEFAULT_TOKEN))) {
        next.subscribe("AAPL");
        await().atMost(SOON).until(() -> busy.sentCount() > sent);
        assertThat(busy.slowReadersCut()).isEqualTo(1);
      }
    }
  }

  /** Matches a count that is above 0 and has not changed since the last check. */
  private static final class Unchanged extends CustomMatcher<Long> {
    private long last;

    private Unchanged() {
      super("unchanged");
    }

    @Override
    public boolean matches(Object value) {
      long now = (Long) value;
      boolean same = now > 0 && now == last;
      last = now;
      return same;
    }
  }
}
