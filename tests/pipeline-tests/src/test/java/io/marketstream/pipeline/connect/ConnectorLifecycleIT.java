package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Operates a connector over REST. Each lost tick has a gap record. */
@Tag("connect")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedCluster.class)
class ConnectorLifecycleIT {

  private static final long NOON = 1_700_000_000_000L;

  private final TestStack stack;
  private final FinnhubSimulator feed = FinnhubSimulator.builder().start();
  private TestConnector connector;
  private int sent;

  ConnectorLifecycleIT(TestStack stack) {
    this.stack = stack;
  }

  @AfterEach
  void deleteConnector() {
    if (connector != null) {
      connector.close();
    }
    feed.close();
  }

  private void create(String... symbols) throws Exception {
    connector = TestConnector.finnhub(stack, feed, symbols);
    start(symbols);
  }

  private void start(String... symbols) throws Exception {
    connector.put();
    feed.awaitSubscribed(List.of(symbols), TIMEOUT);
    connector.awaitRunning();
  }

  /** Sends one message with one trade per symbol. */
  private void send(String... symbols) {
    List<SimTrade> trades =
        IntStream.range(0, symbols.length)
            .mapToObj(i -> SimTrade.of(symbols[i], "1" + sent + ".5" + i, "3", NOON + sent, "1"))
            .toList();
    sent++;
    assertThat(feed.send(trades)).isEqualTo(1);
  }

  private void sendUntilConnected(long connection, String... symbols) throws Exception {
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() >= connection);
    feed.awaitSubscribed(List.of(symbols), TIMEOUT);
    send(symbols);
  }

  @Test
  void changedSymbolsRestartTheConnectionWithGaps() throws Exception {
    create("AAPL", "MSFT");
    send("AAPL", "MSFT");
    connector.awaitTicks(2);
    long before = connector.newestSession();
    connector.awaitStored("MSFT", before);

    connector.with("finnhub.symbols", "AAPL,NVDA").put();
    sendUntilConnected(2, "AAPL", "NVDA");

    List<GapRow> gaps = connector.awaitClosed("TASK_RESTART", 2);
    assertThat(gaps).extracting(GapRow::symbol).containsExactlyInAnyOrder("AAPL", "NVDA");
    assertThat(gaps).allMatch(gap -> gap.sessionBefore() == before);
    assertThat(gaps)
        .filteredOn(gap -> gap.symbol().equals("NVDA"))
        .allMatch(gap -> gap.firstMissing() == 0);
    assertThat(gaps)
        .filteredOn(gap -> gap.symbol().equals("AAPL"))
        .allMatch(gap -> gap.firstMissing() == 1);
    connector.awaitExplained();

    connector.with("finnhub.symbols", "AAPL,MSFT,NVDA").put();
    sendUntilConnected(3, "AAPL", "MSFT", "NVDA");
    connector.awaitClosed("TASK_RESTART", 5);
    assertThat(connector.gaps("TASK_RESTART"))
        .filteredOn(gap -> gap.symbol().equals("MSFT"))
        .as("the gap of a symbol that comes back runs from its own last offset")
        .allMatch(gap -> gap.sessionBefore() == before && gap.firstMissing() == 1);
    connector.awaitExplained();
  }

  @Test
  void aShortPauseLosesNothing() throws Exception {
    create("AAPL");
    send("AAPL");
    connector.awaitTicks(1);

    connector.pause();
    for (int i = 0; i < 20; i++) {
      send("AAPL");
    }
    assertThat(connector.ticks()).hasSize(1);
    connector.resume();

    connector.awaitTicks(21);
    connector.awaitExplained();
    assertThat(connector.gaps()).isEmpty();
  }

  @Test
  void aPauseThatFillsTheBufferClosesTheSocketAndIsAGap() throws Exception {
    connector =
        TestConnector.finnhub(stack, feed, "AAPL")
            .with("buffer.max.records", "10")
            .with("buffer.block.ms", "5000");
    start("AAPL");
    send("AAPL");
    connector.awaitTicks(1);

    connector.pause();
    for (int i = 0; i < 12; i++) {
      send("AAPL");
    }
    await().atMost(TIMEOUT).until(() -> feed.connected() == 0);
    connector.resume();
    connector.awaitTicks(12);
    sendUntilConnected(2, "AAPL");

    GapRow gap = connector.awaitClosed("BACKPRESSURE", 1).get(0);
    assertThat(
            connector.ticks().stream()
                .filter(tick -> tick.get("session").asLong() == gap.sessionBefore()))
        .as("everything that was received before")
        .hasSize((int) gap.firstMissing());
    connector.awaitExplained();
    assertThat(connector.gaps()).hasSize(1);
  }

  @Test
  void aPauseUnderDropOldestCountsExactlyWhatItDropped() throws Exception {
    connector =
        TestConnector.finnhub(stack, feed, "AAPL")
            .with("buffer.max.records", "10")
            .with("buffer.overflow.policy", "drop_oldest");
    start("AAPL");
    send("AAPL");
    connector.awaitTicks(1);

    connector.pause();
    for (int i = 0; i < 30; i++) {
      send("AAPL");
    }
    connector.awaitMetric("ticks-total", 31);
    connector.resume();

    GapRow gap = connector.awaitClosed("OVERFLOW", 1).get(0);
    connector.awaitExplained();
    List<Long> kept =
        connector.ticks().stream().map(tick -> tick.get("sequence").asLong()).toList();
    List<Long> holes =
        IntStream.range(0, 31).mapToObj(Long::valueOf).filter(n -> !kept.contains(n)).toList();
    assertThat(gap.firstMissing()).isEqualTo(holes.get(0));
    assertThat(connector.gapRecords().get(0).get("dropped").asInt()).isEqualTo(holes.size());
    assertThat(connector.metric("dropped-ticks-total")).isEqualTo(holes.size());
    assertThat(holes).hasSizeBetween(19, 20);
  }

  @Test
  void aRestartIsAGapThatTheNextTickCloses() throws Exception {
    create("AAPL", "TSLA");
    send("AAPL");
    connector.awaitTicks(1);
    connector.awaitStored("AAPL", connector.newestSession());

    connector.restart();
    sendUntilConnected(2, "AAPL");
    connector.awaitClosed("TASK_RESTART", 2);
    connector.awaitStored("TSLA", connector.newestSession());
    connector.restartTask();
    sendUntilConnected(3, "AAPL", "TSLA");

    List<GapRow> gaps = connector.awaitClosed("TASK_RESTART", 4);
    assertThat(gaps)
        .extracting(GapRow::symbol)
        .containsExactlyInAnyOrder("AAPL", "AAPL", "TSLA", "TSLA");
    connector.awaitExplained();
    connector.assertNoNumberTwice();
  }

  @Test
  void deletingLeavesNothingBehind() throws Exception {
    create("AAPL");
    send("AAPL");
    connector.awaitTicks(1);
    assertThat(stack.metrics.of(connector.name)).isNotEmpty();
    assertThat(stack.metrics.threads(name -> name.endsWith("-" + connector.name)))
        .contains("feed-session-" + connector.name, "feed-socket-" + connector.name);

    connector.delete();

    await().atMost(TIMEOUT).until(() -> feed.connected() == 0);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(stack.metrics.of(connector.name)).isEmpty();
              assertThat(stack.metrics.threads(name -> name.contains(connector.name))).isEmpty();
            });
    assertThat(connector.log("ERROR")).isEmpty();
    assertThat(connector.log("WARN")).allMatch(line -> line.contains("is not encrypted"));
  }

  @Test
  void deletingDuringAHandshakeLeavesNothingBehind() {
    feed.faults().failHandshakes(100, HandshakeFault.hang(Duration.ofMinutes(2)));
    connector =
        TestConnector.finnhub(stack, feed, "AAPL").with("connect.timeout.ms", "60000").put();
    await().atMost(TIMEOUT).until(() -> feed.handshakeCount() == 1);

    connector.delete();

    await()
        // Three seconds for the task, the rest for the worker's answer.
        .atMost(Duration.ofSeconds(30))
        .until(() -> stack.metrics.threads(name -> name.contains(connector.name)).isEmpty());
    assertThat(connector.log("ERROR")).as("the worker did not give up the task").isEmpty();
  }

  @Test
  void aRecreatedConnectorContinuesFromItsOffsets() throws Exception {
    create("AAPL");
    send("AAPL");
    connector.awaitTicks(1);
    long before = connector.newestSession();
    connector.awaitStored("AAPL", before);

    connector.delete();
    await().atMost(TIMEOUT).until(() -> feed.connected() == 0);
    connector.put();
    sendUntilConnected(2, "AAPL");

    GapRow gap = connector.awaitClosed("TASK_RESTART", 1).get(0);
    assertThat(gap.sessionBefore()).isEqualTo(before);
    assertThat(gap.firstMissing()).isEqualTo(1);
    connector.awaitExplained();
  }
}
