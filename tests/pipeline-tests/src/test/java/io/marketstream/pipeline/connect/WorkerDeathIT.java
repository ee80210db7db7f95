package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker leaves behind when it ends, and how the next one uses the stored source offsets.
 */
@Tag("connect")
@Tag("extended")
@Tag("containers")
@Order(2)
class WorkerDeathIT {

  private static final long NOON = 1_700_000_000_000L;
  private static final Duration FLUSH = Duration.ofSeconds(1);

  @TempDir static Path home;
  private static TestStack stack;
  private final FinnhubSimulator feed =
      FinnhubSimulator.builder().pingInterval(Duration.ofMillis(200)).start();
  private final CoinCapSimulator coincap = CoinCapSimulator.builder().start();
  private final List<TestConnector> connectors = new ArrayList<>();

  @BeforeAll
  static void startWorker() {
    stack = SharedCluster.stack(home).start();
  }

  @AfterAll
  static void stopWorker() {
    stack.close();
  }

  @AfterEach
  void stopFeeds() {
    connectors.forEach(TestConnector::close);
    feed.close();
    coincap.close();
  }

  private TestConnector create(TestConnector connector) {
    connectors.add(connector);
    return connector.put();
  }

  private void send(String symbol, int number) {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                feed.send(List.of(SimTrade.of(symbol, "10." + number, "1", NOON + number, "1")))
                    == 1);
  }

  private void sendPrice(int number) {
    LinkedHashMap<String, String> prices = new LinkedHashMap<>();
    prices.put("bitcoin", "100000." + number);
    prices.put("ethereum", "3000." + number);
    await().atMost(TIMEOUT).until(() -> coincap.sendPrices(prices) == 1);
  }

  @Test
  void gapsAfterKillsBeginWithinOneFlush() throws Exception {
    TestConnector stocks = create(TestConnector.finnhub(stack, feed, "AAPL", "QUIET"));
    TestConnector coins = create(TestConnector.coincap(stack, coincap, "ALL"));
    feed.awaitSubscribed(List.of("AAPL", "QUIET"), TIMEOUT);
    coincap.awaitConnected(1, TIMEOUT);
    send("QUIET", 0);
    sendPrice(0);
    stocks.awaitTicks(1);
    long first = stocks.newestSession();
    AtomicInteger number = new AtomicInteger();
    await("QUIET says nothing while AAPL goes on for many flushes")
        .atMost(TIMEOUT)
        .until(
            () -> {
              send("AAPL", number.get());
              sendPrice(number.incrementAndGet());
              long safe = offset(stocks, "AAPL").path("safe_until").asLong();
              return safe > first + FLUSH.multipliedBy(15).toMillis();
            });
    stocks.awaitStored("QUIET", first);
    coins.awaitStored("*", coins.newestSession());

    Instant killed = Instant.now();
    stack.connect.kill();
    await().atMost(TIMEOUT).until(() -> feed.connected() == 0 && coincap.connected() == 0);
    stack.connect.start();
    feed.awaitSubscribed(List.of("AAPL", "QUIET"), TIMEOUT);
    send("AAPL", number.get());
    await().atMost(TIMEOUT).until(() -> coincap.connected() == 1);
    sendPrice(number.incrementAndGet());

    List<GapRow> gaps = stocks.awaitClosed("TASK_RESTART", 2);
    assertThat(gaps).allMatch(gap -> gap.sessionBefore() == first);
    assertThat(gaps)
        .as("of the quiet symbol, too: not since its last tick")
        .allMatch(gap -> gap.start().isAfter(killed.minus(FLUSH.multipliedBy(10))))
        .allMatch(gap -> !gap.start().isAfter(killed));
    sendPrice(number.incrementAndGet());
    GapRow all = coins.awaitClosed("TASK_RESTART", 1).get(0);
    assertThat(all.symbol()).isEqualTo("*");
    assertThat(all.firstMissing()).isZero();
    assertThat(all.start()).isBeforeOrEqualTo(killed);
    stocks.awaitExplained();
    coins.awaitExplained();
    stocks.assertNoNumberTwice();
    coins.assertNoNumberTwice();
    assertThat(stocks.gaps()).hasSize(2);
    assertThat(coins.gaps()).hasSize(1);
  }

  @Test
  void theNextWorkerClosesTheOpenGapOfADeadOne() throws Exception {
    TestConnector stocks = create(TestConnector.finnhub(stack, feed, "AAPL"));
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    send("AAPL", 0);
    stocks.awaitTicks(1);
    feed.faults().stopServer();
    GapRow open = stocks.awaitOpen("CONNECTION_LOST", 1).get(0);
    await()
        .atMost(TIMEOUT)
        .until(
            () -> offset(stocks, "AAPL").path("gap_start").asLong() == open.start().toEpochMilli());

    stack.connect.kill();
    stack.connect.start();
    stocks.awaitRunning();
    feed.faults().acceptConnections();
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    send("AAPL", 1);

    GapRow closed = stocks.awaitClosed("CONNECTION_LOST", 1).get(0);
    assertThat(closed.identity()).isEqualTo(open.identity());
    assertThat(stocks.gaps()).hasSize(1);
    stocks.awaitExplained();
  }

  @Test
  void aStoppedWorkerDeliversWhatItReceived() throws Exception {
    TestConnector stocks = create(TestConnector.finnhub(stack, feed, "AAPL"));
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    for (int i = 0; i < 50; i++) {
      send("AAPL", i);
    }
    stocks.awaitTicks(1);

    Instant told = Instant.now();
    stack.connect.stop();
    Duration took = Duration.between(told, Instant.now());
    await().atMost(TIMEOUT).until(() -> feed.connected() == 0);
    boolean hung = Files.readString(stack.connect.log()).contains("Unable to destroy");
    stack.connect.start();
    assumeThat(hung)
        .as("a known fault of Kafka Connect: it hangs if Jetty stops its REST server first")
        .isFalse();
    assertThat(took).isLessThan(Duration.ofSeconds(20));
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    send("AAPL", 100);

    GapRow gap = stocks.awaitClosed("TASK_RESTART", 1).get(0);
    stocks.awaitExplained();
    List<Long> delivered =
        stocks.ticks().stream()
            .filter(tick -> tick.get("session").asLong() == gap.sessionBefore())
            .map(tick -> tick.get("sequence").asLong())
            .toList();
    assertThat(delivered)
        .as("a clean stop repeats nothing, and the gap begins right after the delivered ticks")
        .isEqualTo(LongStream.range(0, gap.firstMissing()).boxed().toList());
  }

  private static JsonNode offset(TestConnector connector, String symbol) {
    for (JsonNode entry : connector.offsets()) {
      if (entry.at("/partition/symbol").asText().equals(symbol)) {
        return entry.get("offset");
      }
    }
    return MissingNode.getInstance();
  }
}
