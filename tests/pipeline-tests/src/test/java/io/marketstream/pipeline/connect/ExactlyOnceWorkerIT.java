package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker with exactly-once support writes records and offsets in one transaction. Even there, a
 * websocket cannot be replayed.
 */
@Tag("connect")
@Tag("extended")
@Order(3)
class ExactlyOnceWorkerIT {

  private static final long NOON = 1_700_000_000_000L;

  @TempDir static Path home;
  private static TestStack stack;

  @BeforeAll
  static void startWorker() {
    stack =
        TestStack.connectOnly(home)
            .workerFile("connect-distributed-exactly-once.properties")
            // A killed worker stays a member of its group for this time. The shipped minute is too
            // long for a test.
            .worker("session.timeout.ms", "10000")
            .worker("heartbeat.interval.ms", "2000")
            .worker("scheduled.rebalance.max.delay.ms", "1000")
            // A worker can read the offsets only after its killed predecessor's transaction has
            // ended.
            .worker("producer.transaction.timeout.ms", "15000")
            .kafka("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000")
            .build()
            .start();
  }

  @AfterAll
  static void stopWorker() {
    stack.close();
  }

  @Test
  void everyTickIsThereOnceOrInAGapAfterAKill() throws Exception {
    try (FinnhubSimulator finnhub =
            FinnhubSimulator.builder()
                .market(1000, 7)
                .marketInterval(Duration.ofMillis(20))
                .start();
        CoinCapSimulator coincap =
            CoinCapSimulator.builder()
                .market(200, 7)
                .marketInterval(Duration.ofMillis(20))
                .start();
        TestConnector trades =
            TestConnector.shipped(stack, "finnhub-source.json", finnhub, coincap).post();
        TestConnector prices =
            TestConnector.shipped(stack, "coincap-source.json", finnhub, coincap).post()) {
      trades.awaitTicks(2_000);
      prices.awaitTicks(400);
      long first = trades.newestSession();

      stack.connect.kill();
      stack.connect.start();

      await().atMost(TIMEOUT).until(() -> trades.newestSession() > first);
      assertThat(gapsOfTheKill(trades, "finnhub.symbols"))
          .allMatch(gap -> gap.sessionBefore() == first);
      gapsOfTheKill(prices, "coincap.assets");
      finnhub.pauseSending();
      coincap.pauseSending();
      for (TestConnector connector : List.of(trades, prices)) {
        connector.awaitExplained();
        assertThat(distinct(connector)).hasSameSizeAs(connector.ticks());
      }
    }
  }

  /**
   * Requires one gap per symbol that covers exactly the ticks of the killed session that the topic
   * lacks.
   */
  private static List<GapRow> gapsOfTheKill(TestConnector connector, String symbols) {
    int count = connector.config.get(symbols).asText().split(",").length;
    List<GapRow> gaps = connector.awaitClosed("TASK_RESTART", count);
    Map<List<Object>, Long> kept = new HashMap<>();
    for (JsonNode tick : connector.ticks()) {
      kept.merge(List.of(tick.get("symbol").asText(), tick.get("session").asLong()), 1L, Long::sum);
    }
    assertThat(gaps)
        .allSatisfy(
            gap ->
                assertThat(gap.firstMissing())
                    .as("%s", gap)
                    .isEqualTo(kept.getOrDefault(List.of(gap.symbol(), gap.sessionBefore()), 0L)));
    assertThat(connector.gapRecords())
        .as("each gap opened once and closed once")
        .hasSize(2 * count);
    return gaps;
  }

  private static List<List<Object>> distinct(TestConnector connector) {
    return connector.ticks().stream()
        .<List<Object>>map(
            tick ->
                List.of(
                    tick.get("symbol").asText(),
                    tick.get("session").asLong(),
                    tick.get("sequence").asLong()))
        .distinct()
        .toList();
  }

  @Test
  void equalRejectsDoNotHoldTheOffsetsBack() throws Exception {
    try (FinnhubSimulator feed = FinnhubSimulator.builder().start();
        TestConnector connector =
            TestConnector.finnhub(stack, feed, "AAPL")
                .with("heartbeat.interval.ms", "0") // they store an offset of their own
                .put()) {
      feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
      feed.sendRaw("{\"data\":[{\"s\":7},{\"s\":7}],\"type\":\"trade\"}");
      assertThat(connector.awaitRejects(2)).hasSize(2);
      assertThat(connector.rejects().get(0)).isEqualTo(connector.rejects().get(1));
      long rejected = connector.rejects().get(0).get("received_at").asLong();

      feed.send(List.of(SimTrade.of("AAPL", "1.5", "3", NOON)));
      connector.awaitStored("AAPL", 1);

      JsonNode offset = connector.offsets().get(0).get("offset");
      assertThat(offset.get("safe_until").asLong()).isGreaterThan(rejected);
    }
  }

  /**
   * The worker aborts the open transaction of a failed task, so the failure waits until the
   * transaction is committed.
   */
  @Test
  void theOpenGapOfAFailedTaskIsCommitted() throws Exception {
    try (FinnhubSimulator feed = FinnhubSimulator.builder().start();
        TestConnector connector =
            TestConnector.finnhub(stack, feed, "AAPL")
                .with("transaction.boundary", "interval")
                .with("transaction.boundary.interval.ms", "5000")
                .put()) {
      feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
      feed.send(List.of(SimTrade.of("AAPL", "1.5", "3", NOON)));
      connector.awaitTicks(1);

      feed.faults().failHandshakes(1, HandshakeFault.status(401));
      feed.faults().drop();

      assertThat(connector.awaitTask("FAILED").trace()).contains("finnhub.token");
      assertThat(connector.gaps("CONNECTION_LOST")).hasSize(1).noneMatch(GapRow::isClosed);
    }
  }

  @Test
  void aConnectorThatInsistsOnExactlyOnceIsRefused() {
    try (FinnhubSimulator feed = FinnhubSimulator.builder().start();
        TestConnector connector =
            TestConnector.finnhub(stack, feed, "AAPL").with("exactly.once.support", "required")) {
      assertThatThrownBy(connector::put)
          .isInstanceOf(ConnectRestException.class)
          .hasMessageContaining("The connector does not support exactly-once semantics");
    }
  }
}
