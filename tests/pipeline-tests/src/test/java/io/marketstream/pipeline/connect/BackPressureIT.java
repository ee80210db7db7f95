package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone worker whose broker is frozen while the feed continues. */
@Tag("connect")
@Tag("extended")
@Order(4)
class BackPressureIT {

  private static final long SEED = 20261123;
  private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "BINANCE:BTCUSDT");
  private static final int CAPACITY = 500;
  private static final long MIB = 1024 * 1024;

  @TempDir static Path home;
  private static TestStack stack;
  private final FinnhubSimulator feed =
      FinnhubSimulator.builder().market(1000, SEED).marketInterval(Duration.ofMillis(20)).start();
  private TestConnector connector;

  @BeforeAll
  static void startWorker() {
    stack =
        TestStack.connectOnly(home).standalone().worker("offset.flush.interval.ms", "1000").start();
  }

  @AfterAll
  static void stopWorker() {
    stack.close();
  }

  @AfterEach
  void stopFeed() {
    connector.close();
    feed.close();
  }

  private void start(String blockMs) throws Exception {
    connector =
        TestConnector.finnhub(stack, feed, SYMBOLS.toArray(String[]::new))
            // A standalone worker before Kafka 4 does not find a plugin's converter that comes
            // through the REST API: docs/connectors/common.md, "Converters".
            .with("value.converter", "org.apache.kafka.connect.json.JsonConverter")
            .with("buffer.max.records", String.valueOf(CAPACITY))
            .with("buffer.block.ms", blockMs)
            // Less than a second of the feed, so that the worker's task blocks soon.
            .with("producer.override.buffer.memory", "65536")
            .with("producer.override.batch.size", "16384")
            .with("producer.override.compression.type", "none")
            .put();
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);
    connector.awaitTicks(500);
  }

  @Test
  void aShortBrokerOutageLosesNothing() throws Exception {
    start("60000");

    stack.kafka.suspend();
    await().atMost(TIMEOUT).until(() -> connector.metric("buffer-size") >= CAPACITY);
    long heap = stack.metrics.liveHeap();
    double read = connector.metric("frames-total");
    long sent = feed.sentCount();
    await("more than the buffer holds is sent")
        .atMost(TIMEOUT)
        .until(() -> feed.sentCount() > sent + 4 * CAPACITY);
    assertThat(connector.metric("frames-total"))
        .as("the connector does not read the socket, so TCP and then the feed hold the ticks")
        .isLessThanOrEqualTo(read + 1);
    assertThat(connector.metric("buffer-size")).isBetween((double) CAPACITY, CAPACITY + 10.0);
    assertThat(connector.metric("connected")).isEqualTo(1);
    assertThat(stack.metrics.liveHeap() - heap).as("growth of the heap").isLessThan(16 * MIB);
    stack.kafka.resume();

    feed.pauseSending();
    connector.awaitExplained();
    assertThat(connector.gaps()).isEmpty();
    assertThat(feed.connectionCount()).isEqualTo(1);
    assertThat(connector.ticks()).hasSize((int) feed.sentCount());
  }

  @Test
  void aLongBrokerOutageClosesTheSessionWithAGap() throws Exception {
    start("1000");

    stack.kafka.suspend();
    await("the session closes").atMost(TIMEOUT).until(() -> feed.connected() == 0);
    long heap = stack.metrics.liveHeap();
    stack.kafka.resume();

    await().atMost(TIMEOUT).until(() -> feed.connectionCount() >= 2);
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);
    await()
        .atMost(TIMEOUT)
        .until(() -> connector.gaps().stream().filter(GapRow::isClosed).count() >= SYMBOLS.size());
    feed.pauseSending();
    connector.awaitExplained();

    // If the broker returns slowly, the buffer may be full again.
    List<GapRow> gaps = connector.gaps();
    assertThat(gaps).allMatch(gap -> gap.cause().equals("BACKPRESSURE"));
    for (GapRow gap : gaps) {
      assertThat(
              connector.ticks().stream()
                  .filter(tick -> tick.get("symbol").asText().equals(gap.symbol()))
                  .filter(tick -> tick.get("session").asLong() == gap.sessionBefore()))
          .as("everything that was received before from " + gap.symbol())
          .hasSize((int) gap.firstMissing());
    }
    assertThat(stack.metrics.liveHeap() - heap).as("growth of the heap").isLessThan(16 * MIB);
  }
}
