package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.finnhub.SecondConnection;
import io.marketstream.simulator.market.SimTrade;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The effect of each kind of failure of a feed on the task's state, the log, the metrics and the
 * records (docs/connectors, "Troubleshooting").
 */
@Tag("connect")
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedCluster.class)
class FailureByCauseIT {

  private static final long NOON = 1_700_000_000_000L;
  private static final long IDLE_MS = 5_000;
  private static final String CONNECTION_LOST = "CONNECTION_LOST";
  private static final String RATE_LIMITED = "RATE_LIMITED";

  private final TestStack stack;
  private FinnhubSimulator feed = FinnhubSimulator.builder().start();
  private TestConnector connector;

  FailureByCauseIT(TestStack stack) {
    this.stack = stack;
  }

  @AfterEach
  void deleteConnector() {
    if (connector != null) {
      connector.close();
    }
    feed.close();
  }

  private TestConnector finnhub() {
    connector = TestConnector.finnhub(stack, feed, "AAPL", "MSFT");
    return connector;
  }

  private void awaitConnected() throws Exception {
    feed.awaitSubscribed(List.of("AAPL", "MSFT"), TIMEOUT);
  }

  /** Sends one message as soon as a connection can receive it. */
  private void send() {
    List<SimTrade> trades =
        List.of(
            SimTrade.of("AAPL", "150.25", "5", NOON, "1"),
            SimTrade.of("MSFT", "300.5", "7", NOON, "1"));
    await().atMost(TIMEOUT).until(() -> feed.send(trades) == 1);
  }

  private void startConnected() throws Exception {
    connector.put();
    awaitConnected();
    send();
    connector.awaitTicks(2);
  }

  /**
   * Requires that an outage that has ended has one gap per symbol, one warning and no error, with
   * any number of attempts.
   */
  private List<GapRow> assertOneOutage(String cause, String detail, int atLeastAttempts)
      throws Exception {
    awaitConnected();
    send();
    List<GapRow> gaps = connector.awaitClosed(cause, 2);
    connector.awaitExplained();
    assertThat(connector.gaps()).hasSize(2);
    assertThat(connector.gapRecords())
        .hasSize(4)
        .allMatch(gap -> gap.get("detail").asText().contains(detail), detail);
    connector.awaitRunning();
    String losses = "losses-" + cause.toLowerCase(Locale.ROOT).replace('_', '-') + "-total";
    assertThat(connector.metric(losses)).isGreaterThanOrEqualTo(atLeastAttempts);
    connector.awaitMetric("connected", 1);
    assertThat(connector.metric("gap-ms-total")).isPositive();
    assertThat(connector.log("ERROR")).isEmpty();
    assertThat(warnings())
        .hasSize(1)
        .allMatch(line -> line.contains(cause) && line.contains(detail), detail);
    assertThat(connector.log("INFO")).filteredOn(line -> line.contains("recovered")).hasSize(1);
    return gaps;
  }

  private List<String> warnings() {
    return connector.log("WARN").stream()
        .filter(line -> !line.contains("is not encrypted"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedTokenFailsTheTaskAtOnceAndNamesTheKey(int status) {
    feed.faults().failHandshakes(1, HandshakeFault.status(status));
    finnhub().put();

    ConnectRest.State task = connector.awaitTask("FAILED");

    assertThat(task.trace())
        .contains(connector.name)
        .contains("HTTP " + status + " at the handshake. Check finnhub.token, then restart");
    List<GapRow> gaps = connector.awaitOpen("UNAUTHORIZED", 2);
    assertThat(gaps).extracting(GapRow::symbol).containsExactlyInAnyOrder("AAPL", "MSFT");
    assertThat(feed.handshakeCount()).as("no second attempt").isEqualTo(1);
    assertThat(connector.log("ERROR")).as("Connect's own line").hasSize(1);
    assertThat(warnings()).hasSize(1).allMatch(line -> line.contains("the task fails"));
    await().atMost(TIMEOUT).until(() -> stack.metrics.of(connector.name).isEmpty());
  }

  @Test
  void aCorrectedTokenContinuesTheGap() throws Exception {
    finnhub();
    startConnected();
    connector.awaitStored("MSFT", connector.newestSession());
    feed.faults().failHandshakes(1, HandshakeFault.status(401));
    feed.faults().drop();
    connector.awaitTask("FAILED");
    List<GapRow> open = connector.awaitOpen(CONNECTION_LOST, 2);
    connector.awaitStored("MSFT", open.get(0).sessionBefore());

    connector.restartTask();
    awaitConnected();
    send();

    assertThat(connector.awaitClosed(CONNECTION_LOST, 2))
        .extracting(GapRow::identity)
        .containsExactlyInAnyOrderElementsOf(open.stream().map(GapRow::identity).toList());
    connector.awaitExplained();
    assertThat(connector.gaps()).hasSize(2);
  }

  @Test
  void theUnauthorizedTextOfCoinCapFailsTheTask() {
    CoinCapSimulator coincap = CoinCapSimulator.builder().apiKeys("another-key").start();
    try {
      connector = TestConnector.coincap(stack, coincap, "bitcoin").put();

      ConnectRest.State task = connector.awaitTask("FAILED");

      assertThat(task.trace())
          .contains("'Unauthorized")
          .contains("Check coincap.api.key, then restart the task.");
      assertThat(connector.awaitOpen("UNAUTHORIZED", 1).get(0).symbol()).isEqualTo("bitcoin");
      assertThat(coincap.connectionCount()).isEqualTo(1);
      assertThat(connector.log("ERROR")).hasSize(1);
    } finally {
      coincap.close();
    }
  }

  @Test
  void aRateLimitIsWaitedOutAsConfigured() throws Exception {
    feed.faults().failHandshakes(2, HandshakeFault.status(429));
    finnhub().with("rate.limit.backoff.ms", "700").put();

    assertOneOutage(RATE_LIMITED, "HTTP 429 at the handshake", 2);

    assertThat(attemptsApart()).allMatch(apart -> apart >= 700);
  }

  @Test
  void aRateLimitIsWaitedOutAsTheServerAsks() throws Exception {
    feed.faults().failHandshakes(1, HandshakeFault.status(429, Duration.ofSeconds(2)));
    finnhub().put(); // rate.limit.backoff.ms is five minutes

    assertOneOutage(RATE_LIMITED, "HTTP 429 at the handshake", 1);

    assertThat(attemptsApart()).allMatch(apart -> apart >= 2000);
  }

  private List<Long> attemptsApart() {
    List<Long> at = feed.handshakes().stream().map(attempt -> attempt.atMs()).toList();
    return Stream.iterate(1, i -> i < at.size(), i -> i + 1)
        .map(i -> at.get(i) - at.get(i - 1))
        .toList();
  }

  static Stream<Arguments> handshakeFaults() {
    return Stream.of(
        arguments("HTTP 500 at the handshake", HandshakeFault.status(500)),
        arguments("HTTP 503 at the handshake", HandshakeFault.status(503)),
        arguments("HTTP 524 at the handshake", HandshakeFault.status(524)),
        arguments("HTTP 200 at the handshake", HandshakeFault.status(200)),
        arguments("timeout", HandshakeFault.hang(Duration.ofMinutes(2))),
        arguments("unexpected end of stream", HandshakeFault.drop()));
  }

  private static Arguments arguments(String detail, HandshakeFault fault) {
    return Arguments.of(detail, fault);
  }

  @Test
  void anOutageThatChangesItsCauseIsOneGap() throws Exception {
    finnhub().with("rate.limit.backoff.ms", "300");
    startConnected();
    feed.faults().failHandshakes(2, HandshakeFault.status(503));
    feed.faults().failHandshakes(2, HandshakeFault.status(429));
    feed.faults().drop();
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() == 2);
    awaitConnected();
    send();

    connector.awaitClosed(CONNECTION_LOST, 2);
    connector.awaitExplained();
    assertThat(connector.gaps()).hasSize(2);
    assertThat(connector.metric("losses-connection-lost-total")).isEqualTo(3);
    assertThat(connector.metric("losses-rate-limited-total")).isEqualTo(2);
    assertThat(warnings())
        .hasSize(2)
        .anyMatch(line -> line.contains(CONNECTION_LOST))
        .anyMatch(line -> line.contains("RATE_LIMITED, HTTP 429"));
  }

  @ParameterizedTest
  @MethodSource("handshakeFaults")
  void aServerErrorAtTheHandshakeIsTriedAgain(String detail, HandshakeFault fault)
      throws Exception {
    feed.faults().failHandshakes(3, fault);
    if (fault instanceof HandshakeFault.Hang) {
      finnhub().with("connect.timeout.ms", "1500").put();
    } else {
      finnhub().put();
    }

    List<GapRow> gaps = assertOneOutage(CONNECTION_LOST, detail, 3);

    assertThat(gaps).allMatch(gap -> gap.sessionBefore() == 0 && gap.firstMissing() == 0);
  }

  @Test
  void aRefusedConnectionIsTriedAgain() throws Exception {
    finnhub();
    startConnected();

    feed.faults().stopServer();
    connector.awaitOpen(CONNECTION_LOST, 2);
    await().atMost(TIMEOUT).until(() -> connector.metric("losses-connection-lost-total") >= 3);
    feed.faults().acceptConnections();

    awaitConnected();
    send();
    connector.awaitClosed(CONNECTION_LOST, 2);
    connector.awaitExplained();
    assertThat(warnings()).hasSize(1);
    assertThat(connector.log("ERROR")).isEmpty();
  }

  @Test
  void anUnknownHostIsAnOutage() throws Exception {
    finnhub().with("finnhub.websocket.url", "ws://no-such-host.invalid").put();
    assertVisibleOutageUntilReconfigured("no-such-host.invalid");
  }

  @Test
  void aServerWithoutTlsIsAnOutage() throws Exception {
    finnhub().with("finnhub.websocket.url", feed.url().replace("ws://", "wss://")).put();
    assertVisibleOutageUntilReconfigured("SSLException");
  }

  @Test
  void aClosedPortIsAnOutage() throws Exception {
    finnhub().with("finnhub.websocket.url", "ws://127.0.0.1:" + FreePorts.next()).put();
    assertVisibleOutageUntilReconfigured("ConnectException");
  }

  private void assertVisibleOutageUntilReconfigured(String detail) throws Exception {
    List<GapRow> open = connector.awaitOpen(CONNECTION_LOST, 2);
    await().atMost(TIMEOUT).until(() -> connector.metric("losses-connection-lost-total") >= 3);
    connector.awaitRunning();
    assertThat(connector.metric("connected")).isZero();
    assertThat(warnings()).hasSize(1).allMatch(line -> line.contains(detail), detail);
    assertThat(connector.log("ERROR")).isEmpty();
    assertThat(connector.gapRecords()).allMatch(gap -> gap.get("detail").asText().contains(detail));
    connector.awaitStored("MSFT", 0);

    connector.with("finnhub.websocket.url", feed.url()).put();
    awaitConnected();
    send();

    assertThat(connector.awaitClosed(CONNECTION_LOST, 2))
        .extracting(GapRow::identity)
        .containsExactlyInAnyOrderElementsOf(open.stream().map(GapRow::identity).toList());
    connector.awaitExplained();
    assertThat(connector.log("ERROR")).isEmpty();
  }

  @Test
  void aCloseWithACloseFrameIsServerClosed() throws Exception {
    finnhub();
    startConnected();
    feed.faults().close(1012, "service restart");
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() == 2);
    assertOneOutage("SERVER_CLOSED", "close code 1012: service restart", 1);
  }

  static Stream<Arguments> losses() {
    Consumer<FinnhubSimulator> drop = feed -> feed.faults().drop();
    Consumer<FinnhubSimulator> reset = feed -> feed.faults().reset();
    return Stream.of(Arguments.of("EOF", drop), Arguments.of("reset", reset));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aCloseWithoutACloseFrameIsConnectionLost(String detail, Consumer<FinnhubSimulator> fault)
      throws Exception {
    finnhub();
    startConnected();
    fault.accept(feed);
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() == 2);
    assertOneOutage(CONNECTION_LOST, detail, 1);
  }

  @Test
  void silenceIsStalledAndItsGapBeginsWithTheLastFrame() throws Exception {
    feed.close();
    feed = FinnhubSimulator.builder().pingInterval(Duration.ofMillis(200)).start();
    finnhub().with("idle.timeout.ms", String.valueOf(IDLE_MS));
    startConnected();
    Instant lastTick = Instant.ofEpochMilli(connector.ticks().get(1).get("received_at").asLong());

    feed.faults().stall();
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() == 2);

    List<GapRow> gaps = assertOneOutage("STALLED", "no frame for idle.timeout.ms=" + IDLE_MS, 1);
    assertThat(gaps).allMatch(gap -> !gap.start().isBefore(lastTick));
    assertThat(gaps)
        .allMatch(gap -> Duration.between(gap.start(), gap.end()).toMillis() >= IDLE_MS);
  }

  @Test
  void tooManySymbolsAreAWarning() throws Exception {
    FinnhubSimulator small = FinnhubSimulator.builder().symbolLimit(1).start();
    try {
      connector = TestConnector.finnhub(stack, small, "AAPL", "MSFT").put();
      assertRefusedSymbol(small, "Subscribing to too many symbols");
    } finally {
      small.close();
    }
  }

  @Test
  void anInvalidSymbolIsAWarningAndOthersContinue() throws Exception {
    FinnhubSimulator picky = FinnhubSimulator.builder().invalidSymbols("MSFT").start();
    try {
      connector = TestConnector.finnhub(stack, picky, "AAPL", "MSFT").put();
      assertRefusedSymbol(picky, "Invalid symbol MSFT");
    } finally {
      picky.close();
    }
  }

  private void assertRefusedSymbol(FinnhubSimulator other, String message) throws Exception {
    other.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    JsonNode reject = connector.awaitRejects(1).get(0);
    assertThat(reject.get("reason").asText()).isEqualTo("FEED_ERROR");
    assertThat(reject.get("detail").asText()).isEqualTo(message);
    assertThat(reject.get("input").asText()).contains(message);
    other.send(List.of(SimTrade.of("AAPL", "150.25", "5", NOON, "1")));
    connector.awaitTicks(1);
    connector.awaitRunning();
    assertThat(connector.metric("subscriptions-refused-total")).isEqualTo(1);
    assertThat(connector.metric("subscriptions-wanted")).isEqualTo(2);
    assertThat(warnings()).hasSize(1).allMatch(line -> line.contains(message));
    assertThat(connector.log("ERROR")).isEmpty();
    assertThat(connector.gaps())
        .singleElement()
        .matches(gap -> !gap.isClosed(), "open")
        .extracting(GapRow::symbol, GapRow::cause)
        .containsExactly("MSFT", "SUBSCRIPTION_REFUSED");
    assertThat(other.connectionCount()).isEqualTo(1);
  }

  @Test
  void aSecondConnectionOfAKeyWaitsUntilTheFirstIsGone() throws Exception {
    FinnhubSimulator strict =
        FinnhubSimulator.builder().secondConnection(SecondConnection.REFUSE_WITH_429).start();
    try (TestConnector first = TestConnector.finnhub(stack, strict, "AAPL").put()) {
      strict.awaitSubscribed(List.of("AAPL"), TIMEOUT);
      connector =
          TestConnector.finnhub(stack, strict, "MSFT").with("rate.limit.backoff.ms", "300").put();
      connector.awaitOpen(RATE_LIMITED, 1);
      await().atMost(TIMEOUT).until(() -> connector.metric("losses-rate-limited-total") >= 2);
      assertThat(warnings()).hasSize(1);
      assertThat(first.gaps()).as("the first connector is not affected").isEmpty();

      first.delete();

      strict.awaitSubscribed(List.of("MSFT"), TIMEOUT);
      connector.awaitClosed(RATE_LIMITED, 1);
    } finally {
      strict.close();
    }
  }

  @Test
  void connectorsThatDropEachOtherHintAtTheSharedKey() throws Exception {
    feed.close();
    feed = FinnhubSimulator.builder().secondConnection(SecondConnection.DROP_BOTH).start();
    connector = TestConnector.finnhub(stack, feed, "AAPL").put();
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    feed.send(List.of(SimTrade.of("AAPL", "150.25", "5", NOON, "1")));
    connector.awaitTicks(1);
    try (TestConnector other = TestConnector.finnhub(stack, feed, "MSFT").put()) {
      for (TestConnector one : List.of(connector, other)) {
        await().atMost(TIMEOUT).until(() -> !hints(one).isEmpty());
        double losses = one.metric("losses-connection-lost-total");
        assertThat(losses).isGreaterThanOrEqualTo(3);
        await()
            .atMost(TIMEOUT)
            .until(() -> one.metric("losses-connection-lost-total") >= losses + 3);
        one.awaitRunning();
        assertThat(hints(one)).hasSize(1);
        assertThat(one.log("ERROR")).isEmpty();
      }

      other.delete();
      await().atMost(TIMEOUT).until(() -> stack.metrics.of(other.name).isEmpty());

      // The feed sends no tick before, so its record has only the ticks of this connector.
      List<GapRow> gaps = connector.awaitClosed(CONNECTION_LOST, 1);
      assertThat(gaps.get(0).symbol()).isEqualTo("AAPL");
      List<SimTrade> next = List.of(SimTrade.of("AAPL", "150.5", "7", NOON + 1, "1"));
      await().atMost(TIMEOUT).until(() -> feed.send(next) == 1);
      connector.awaitTicks(2);
      connector.awaitMetric("connected", 1);
      connector.awaitExplained();
      assertThat(hints(connector)).hasSize(1);
    }
  }

  private static List<String> hints(TestConnector connector) {
    return connector.log("WARN").stream()
        .filter(line -> line.contains("another client may be using the same finnhub.token"))
        .toList();
  }

  @Test
  void aMalformedFrameIsRejectedAndTheConnectionKept() throws Exception {
    finnhub();
    startConnected();
    feed.sendRaw(
        "{\"data\":[{\"p\":1e999999999,\"s\":\"AAPL\",\"t\":1,\"v\":1}],\"type\":\"trade\"}");
    feed.sendRaw("not json");
    feed.sendRaw("{\"data\":[],\"type\":\"news\"}");
    send();

    List<JsonNode> rejects = connector.awaitRejects(2);
    assertThat(rejects).hasSize(2);
    connector.awaitTicks(4);
    connector.awaitExplained();
    Map<String, Double> expected = new LinkedHashMap<>();
    expected.put("frames-total", 5.0);
    expected.put("ticks-total", 4.0);
    expected.put("rejects-total", 2.0);
    expected.put("ignored-frames-total", 1.0);
    assertThat(stack.metrics.of(connector.name)).containsAllEntriesOf(expected);
    assertThat(feed.connectionCount()).isEqualTo(1);
    assertThat(connector.gaps()).isEmpty();
    assertThat(connector.log("ERROR")).isEmpty();
  }
}
