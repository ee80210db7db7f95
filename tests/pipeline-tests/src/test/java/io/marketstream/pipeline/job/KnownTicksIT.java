package io.marketstream.pipeline.job;

import static io.marketstream.pipeline.TestStack.KEYSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.pipeline.ShippedConnectors;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TickContent;
import io.marketstream.pipeline.TopicContents;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A known set of ticks of both feeds goes through the real pipeline. The test compares the content
 * of the tables.
 */
@Tag("pipeline")
@Tag("containers")
@ExtendWith(SharedStores.class)
class KnownTicksIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private static final String LAST_FRAME = "the last frame of the test";

  // Long ago and inside one minute: its candle cannot change while the test runs.
  @SuppressWarnings("TimeInStaticInitializer") // all frames and all questions use one minute
  private static final Instant MINUTE =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minusSeconds(3600);

  private static final long T = MINUTE.toEpochMilli();

  private static KafkaBroker kafka;
  private static ConnectWorker worker;
  private static JobRun job;
  private static FinnhubSimulator finnhub;
  private static CoinCapSimulator coincap;
  private static CqlSession cassandra;

  @BeforeAll
  static void sendAKnownSetOfTicks(TestStack stores) throws Exception {
    kafka = stores.kafka;
    finnhub = FinnhubSimulator.builder().start();
    coincap = CoinCapSimulator.builder().start();
    // The default names of topics and keyspace.
    stores.cassandra.applySchema(TestStack.ROOT.resolve("cassandra-cql"), KEYSPACE);
    cassandra = stores.session();
    worker = worker(stores);
    worker.start();
    ShippedConnectors connectors = new ShippedConnectors(worker.restUri());
    // The feeds send nothing while the job starts, which takes long on a busy machine.
    Map<String, String> quiet = Map.of("idle.timeout.ms", "600000");
    connectors.createFinnhub(
        finnhub, "AAPL,BRK.B,BINANCE:BTCUSDT,IC MARKETS:1,BINANCE:SHIBUSDT", quiet);
    connectors.createCoinCap(coincap, "bitcoin,ethereum,shiba-inu", quiet);
    finnhub.awaitSubscribed(
        Set.of("AAPL", "BRK.B", "BINANCE:BTCUSDT", "IC MARKETS:1", "BINANCE:SHIBUSDT"), TIMEOUT);
    coincap.awaitConnected(1, TIMEOUT);

    SimTrade twin = SimTrade.of("AAPL", "164.0601", "5", T + 500, "1", "12");
    finnhub.send(
        List.of(
            SimTrade.of("AAPL", "164", "100", T + 100, "1"),
            twin,
            twin, // byte-identical trades of one message are two trades
            SimTrade.withNullConditions("BINANCE:BTCUSDT", "66972.77", "0.00008", T + 502),
            SimTrade.of("AAPL", "164.07", "3", T + 499, "1", "8", "24", "12"), // its time goes back
            SimTrade.withoutConditions("IC MARKETS:1", "1.08423", "0", T + 503)));
    finnhub.sendPing();
    finnhub.sendError("Something went wrong");
    finnhub.send(
        List.of(
            SimTrade.of("BRK.B", "412.5", "7", T + 700),
            SimTrade.withNullConditions(
                "BINANCE:SHIBUSDT", "0.0000171234567890123", "1000000000000", T + 701),
            SimTrade.withNullConditions("BINANCE:BTCUSDT", "66972.770", "1.50", T + 502)));
    LinkedHashMap<String, String> prices = new LinkedHashMap<>();
    prices.put("bitcoin", "66972.06534240");
    prices.put("shiba-inu", "0.0000171234567890123");
    coincap.sendPrices(prices);
    LinkedHashMap<String, String> later = new LinkedHashMap<>();
    later.put("ethereum", "1242.1234567890123456789");
    later.put("bitcoin", "66972.1");
    coincap.sendPrices(later);

    finnhub.sendError(LAST_FRAME); // rejects keep their order, so this is the last one

    job =
        new JobRun(
                stores,
                new JobTopics("market_data", "market_data_gaps", "market_data_rejected"),
                KEYSPACE)
            .start();

    int sent = finnhub.sent().size() + coincap.sent().size();
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> StoredTick.all(cassandra, KEYSPACE).size() >= sent);
  }

  private static ConnectWorker worker(TestStack stores) throws IOException {
    Path home = stores.newFolder("worker");
    for (Feed feed : Feed.values()) {
      PluginArchives.unpack(PluginArchives.find(TestStack.ROOT, feed), home.resolve("plugins"));
    }
    return TestStack.PROVIDER.connect(
        TestStack.settings(home, "connect", FreePorts.next(), 384),
        ConnectSetup.distributed(
            TestStack.ROOT.resolve("connect-configs/connect-distributed.properties"),
            stores.kafka.bootstrapServers(),
            home.resolve("plugins")));
  }

  @AfterAll
  static void stopEverything() {
    if (cassandra != null) {
      cassandra.close();
    }
    if (job != null) {
      job.close();
    }
    if (worker != null) {
      worker.stop();
    }
    finnhub.close();
    coincap.close();
  }

  /**
   * Compares everything at once: values, scales, conditions, times, and the numbers 0, 1, 2 … per
   * (session, symbol).
   */
  @Test
  void ticksHoldsExactlyWhatWasWrittenToTheSockets() {
    List<TickContent> expected = new ArrayList<>();
    finnhub.sent().forEach(sent -> expected.add(TickContent.of(sent, "finnhub-sim")));
    coincap.sent().forEach(sent -> expected.add(TickContent.of(sent, "coincap-sim")));

    assertThat(expected).hasSize(13);
    Set<StoredTick> stored = StoredTick.all(cassandra, KEYSPACE);
    assertThat(stored).extracting(TickContent::of).containsExactlyInAnyOrderElementsOf(expected);
    for (String source : List.of("finnhub-sim", "coincap-sim")) {
      assertThat(
              stored.stream()
                  .filter(tick -> tick.source().equals(source))
                  .map(StoredTick::session)
                  .distinct())
          .as("sessions of %s", source)
          .hasSize(1);
    }
  }

  @Test
  void theTopicHoldsTheSameTicksAsExactText() {
    List<JsonNode> ticks = TopicContents.values(kafka, "market_data", 13, TIMEOUT);

    assertThat(ticks).hasSize(13);
    assertThat(ticks)
        .extracting(tick -> tick.get("price").asText())
        .containsExactlyInAnyOrder(
            "164",
            "164.0601",
            "164.0601",
            "66972.77",
            "164.07",
            "1.08423",
            "412.5",
            "0.0000171234567890123",
            "66972.770",
            "66972.06534240",
            "0.0000171234567890123",
            "1242.1234567890123456789",
            "66972.1");
  }

  @Test
  void theNewestTickHasTheLatestEventTime() {
    Row apple = latest("finnhub-sim", "AAPL");

    assertThat(apple.getBigDecimal("price")).isEqualTo(new BigDecimal("164.0601"));
    assertThat(apple.getBigDecimal("volume")).isEqualTo(new BigDecimal("5"));
    assertThat(apple.getLong("sequence")).isEqualTo(2); // the second of two identical trades
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(latest("coincap-sim", "bitcoin").getBigDecimal("price"))
                    .isEqualTo(new BigDecimal("66972.1")));
  }

  private Row latest(String source, String symbol) {
    return await()
        .atMost(TIMEOUT)
        .until(
            () ->
                cassandra
                    .execute(
                        "SELECT * FROM market_data.latest_ticks WHERE source = ? AND symbol = ?",
                        source,
                        symbol)
                    .one(),
            row -> row != null);
  }

  /**
   * AAPL: codes 1 and 12 together move the volume only, so open, high, low and close come from the
   * trade of code 1.
   */
  @Test
  void theCandleFollowsTheConditionCodes() {
    Row candle =
        await()
            .atMost(TIMEOUT)
            .until(
                () ->
                    cassandra
                        .execute(
                            "SELECT * FROM market_data.candles WHERE source = 'finnhub-sim' AND symbol = 'AAPL'"
                                + " AND interval = '1m' AND month = ? AND open_time = ?",
                            MINUTE.atZone(java.time.ZoneOffset.UTC).toLocalDate().withDayOfMonth(1),
                            MINUTE)
                        .one(),
                row -> row != null && row.getLong("trades") == 4);

    assertThat(candle.getBigDecimal("open")).isEqualByComparingTo("164");
    assertThat(candle.getBigDecimal("close")).isEqualByComparingTo("164");
    assertThat(candle.getBigDecimal("high")).isEqualByComparingTo("164");
    assertThat(candle.getBigDecimal("low")).isEqualByComparingTo("164");
    assertThat(candle.getBigDecimal("volume")).isEqualByComparingTo("113");
    assertThat(candle.getString("kind")).isEqualTo("trade");
  }

  @Test
  void theErrorFrameIsKeptAndNothingElseIsRejected() {
    List<JsonNode> rejected = TopicContents.values(kafka, "market_data_rejected", 2, TIMEOUT);

    assertThat(rejected)
        .extracting(reject -> reject.get("detail").asText())
        .containsExactly("Something went wrong", LAST_FRAME);
    JsonNode reject = rejected.get(0);
    assertThat(reject.get("reason").asText()).isEqualTo("FEED_ERROR");
    assertThat(reject.get("input").asText())
        .isEqualTo("{\"msg\":\"Something went wrong\",\"type\":\"error\"}");
    assertThat(reject.get("source").asText()).isEqualTo("finnhub-sim");
  }

  /**
   * Connect creates the topic with its first record, and a connector's gaps come before its ticks.
   */
  @Test
  void aFirstStartHasNoGap() throws Exception {
    try (Admin admin = kafka.admin()) {
      assertThat(admin.listTopics().names().get())
          .contains("market_data")
          .doesNotContain("market_data_gaps");
    }
    assertThat(cassandra.execute("SELECT * FROM market_data.feed_gaps").all()).isEmpty();
  }
}
