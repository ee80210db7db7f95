package io.marketstream.simulator.coinbase;

import static io.marketstream.simulator.coinbase.CoinbaseClient.SOON;
import static io.marketstream.simulator.coinbase.CoinbaseClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.fault.HostileFrames;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import io.marketstream.simulator.server.FeedClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CoinbaseSimulatorTest {

  private static final String BTC = "BTC-USD";
  private static final String ETH = "ETH-USD";
  private static final long FIRST_ID = 1_100_236_125L;
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";
  private static final String UUID_TEXT =
      "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

  private CoinbaseSimulator simulator;
  private final List<CoinbaseClient> clients = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (CoinbaseClient client : clients) {
      client.close();
    }
    simulator.close();
  }

  /** Manual mode, without heartbeats of their own. */
  private static CoinbaseSimulator.Builder manual() {
    return CoinbaseSimulator.builder().seed(7).heartbeatPeriod(Duration.ZERO);
  }

  private void start(CoinbaseSimulator.Builder builder) {
    simulator = builder.start();
  }

  private CoinbaseClient connect() throws Exception {
    CoinbaseClient client = CoinbaseClient.connect(simulator);
    clients.add(client);
    return client;
  }

  private static List<Long> ids(List<JsonNode> frames) {
    return frames.stream().map(frame -> frame.get("trade_id").asLong()).toList();
  }

  private static List<String> types(CoinbaseClient client) {
    return client.frames().stream().map(frame -> frame.get("type").asText()).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static Map<String, Set<String>> channels(JsonNode subscriptions) {
    Map<String, Set<String>> channels = new HashMap<>();
    for (JsonNode channel : subscriptions.get("channels")) {
      Set<String> products = new HashSet<>();
      channel.get("product_ids").forEach(product -> products.add(product.asText()));
      assertThat(channel.get("product_ids")).hasSize(products.size());
      assertThat(channel.fieldNames())
          .toIterable()
          .containsExactly("name", "product_ids", "account_ids");
      assertThat(channel.get("account_ids").isNull()).isTrue();
      channels.put(channel.get("name").asText(), products);
    }
    assertThat(subscriptions.get("channels")).hasSize(channels.size());
    return channels;
  }

  @Nested
  class Subscriptions {

    @Test
    void anAnswerListsEverythingThatIsActive() throws Exception {
      start(manual());
      CoinbaseClient client = connect();
      client.say(
          "{'type':'subscribe','product_ids':['BTC-USD','ETH-USD'],'channels':['matches','heartbeat']}");
      client.say(
          "{'type':'subscribe','channels':[{'name':'matches','product_ids':['SOL-USD','SOL-USD']},"
              + "{'name':'level2_batch','product_ids':['BTC-USD']}]}");
      client.say("{'type':'unsubscribe','product_ids':['BTC-USD'],'channels':['matches']}");
      client.say("{'type':'unsubscribe','channels':['heartbeat']}");
      client.say("{'type':'unsubscribe','product_ids':['ETH-USD','SOL-USD','BTC-USD']}");

      List<JsonNode> answers = client.await(5, "subscriptions");
      assertThat(channels(answers.get(0)))
          .isEqualTo(Map.of("matches", Set.of(BTC, ETH), "heartbeat", Set.of(BTC, ETH)));
      assertThat(channels(answers.get(1)))
          .isEqualTo(
              Map.of(
                  "matches", Set.of(BTC, ETH, "SOL-USD"),
                  "heartbeat", Set.of(BTC, ETH),
                  "level2_50", Set.of(BTC)));
      assertThat(channels(answers.get(2)).get("matches")).isEqualTo(Set.of(ETH, "SOL-USD"));
      assertThat(channels(answers.get(3)).keySet()).isEqualTo(Set.of("matches", "level2_50"));
      assertThat(answers.get(4)).isEqualTo(json("{'type':'subscriptions','channels':[]}"));
      // The answer is on its way before the simulator publishes what is subscribed.
      await().atMost(SOON).until(() -> simulator.subscribedSymbols().isEmpty());
      assertThat(client.frames("error")).isEmpty();
    }

    @Test
    void theOrderOfProductsIsArbitrary() throws Exception {
      start(manual().products(BTC, ETH, "SOL-USD", "XRP-USD", "LTC-USD", "ADA-USD"));
      CoinbaseClient client = connect();
      String request =
          "{'type':'subscribe','product_ids':['BTC-USD','ETH-USD','SOL-USD','XRP-USD','LTC-USD',"
              + "'ADA-USD'],'channels':['matches','heartbeat']}";
      for (int i = 0; i < 5; i++) {
        client.say(request);
      }
      List<JsonNode> answers = client.await(5, "subscriptions");
      assertThat(Set.copyOf(answers)).hasSizeGreaterThan(1);
      assertThat(answers)
          .anySatisfy(
              answer ->
                  assertThat(answer.at("/channels/0/product_ids"))
                      .isNotEqualTo(answer.at("/channels/1/product_ids")));
      assertThat(answers)
          .extracting(CoinbaseSimulatorTest::channels)
          .containsOnly(channels(answers.get(0)));
    }

    @Test
    void eachRefusedProductAndChannelIsOneErrorAndTheRestIsAccepted() throws Exception {
      start(manual().delisted("YFI-USD"));
      CoinbaseClient client = connect();
      client.say(
          "{'type':'subscribe','product_ids':['BTC-USD','YFI-USD','XYZ-USD'],"
              + "'channels':['matches','heartbeat','nonsense','level2']}");

      JsonNode answer = client.await(1, "subscriptions").get(0);
      assertThat(channels(answer))
          .isEqualTo(Map.of("matches", Set.of(BTC), "heartbeat", Set.of(BTC)));
      assertThat(client.frames("error"))
          .containsExactly(
              failed("YFI-USD is delisted"),
              failed("XYZ-USD is not a valid product"),
              failed("YFI-USD is delisted"),
              failed("XYZ-USD is not a valid product"),
              failed("nonsense is not a valid channel"),
              failed(
                  "level2, level3, and full channels now require authentication."
                      + " https://docs.cloud.coinbase.com/exchange/docs/websocket-auth"));
      assertThat(types(client).subList(0, 7)).containsOnly("error", "subscriptions");
      assertThat(client.raw().isOver()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{`type`:`shout`}|Type has to be either subscribe or unsubscribe",
          "{`type`:`subscribe`,`product_ids`:[`BTC-USD`]}|No channels provided",
          "{`type`:`subscribe`,`product_ids`:`BTC-USD`,`channels`:[`matches`]}"
              + "|Invalid product ID provided",
          "{`type`:`subscribe`,`product_ids`:[`BTC-USD`],"
              + "`channels`:[{`name`:`matches`,`product_ids`:[]}]}|' is not a valid product'",
        })
    void aRequestThatIsRefusedAsAWholeGetsOneError(String request, String reason) throws Exception {
      start(manual());
      CoinbaseClient client = connect().say(request.replace('`', '\''));
      assertThat(client.await(1, "error")).containsExactly(failed(reason));
      client.say("{'type':'unsubscribe','channels':['matches']}");
      client.await(1, "subscriptions");
      assertThat(client.frames()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"true,CLOSE_FRAME", "false,END_OF_STREAM"})
    void aClientThatDoesNotSubscribeInTimeIsDisconnected(boolean cleanly, FeedClient.End end)
        throws Exception {
      start(manual().subscribeDeadline(Duration.ofSeconds(2)).deadlineClosesCleanly(cleanly));
      CoinbaseClient silent = connect();
      CoinbaseClient other = connect().subscribed(BTC);
      await().atMost(SOON).until(silent.raw()::isOver);
      assertThat(silent.raw().end()).isEqualTo(end);
      assertThat(silent.raw().closeCode()).isEqualTo(cleanly ? 1000 : 0);
      simulator.awaitConnected(1, SOON);
      assertThat(other.raw().isOver()).isFalse();
    }

    @Test
    void dataMayComeBeforeTheAnswer() throws Exception {
      start(manual().dataBeforeAnswer(true));
      CoinbaseClient client = connect().subscribed(BTC, ETH, "SOL-USD");
      client.await(3, "last_match");
      assertThat(types(client))
          .containsExactly("last_match", "last_match", "subscriptions", "last_match");
    }

    private JsonNode failed(String reason) {
      return json("{'type':'error','message':'Failed to subscribe','reason':'" + reason + "'}");
    }
  }

  @Nested
  class Matches {

    @Test
    void aMatchHasTheFieldsOfTheRealFeed() throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      SimMatch made = simulator.trade(BTC, Side.SELL, "83335.51", "0.00005832");

      client.await(1, "match");
      String sent = client.raw().texts().get(2);
      assertThat(sent)
          .matches(
              "\\{\"type\":\"match\",\"trade_id\":1100236126,\"maker_order_id\":\""
                  + UUID_TEXT
                  + "\",\"taker_order_id\":\""
                  + UUID_TEXT
                  + "\",\"side\":\"sell\",\"size\":\"0.00005832\",\"price\":\"83335.51\","
                  + "\"product_id\":\"BTC-USD\",\"sequence\":13699825\\d{4},\"time\":\""
                  + TIME
                  + "\"}");
      JsonNode match = json(sent);
      assertThat(match.get("trade_id").asLong()).isEqualTo(made.id());
      assertThat(match.get("maker_order_id").asText()).isEqualTo(made.makerOrderId().toString());
      assertThat(match.get("taker_order_id").asText()).isEqualTo(made.takerOrderId().toString());
      assertThat(match.get("sequence").asLong()).isEqualTo(made.sequence());
      assertThat(Instant.parse(match.get("time").asText())).isEqualTo(made.time());
      assertThat(simulator.history(BTC)).last().isEqualTo(made);
    }

    @Test
    void eachSubscriptionBeginsWithTheNewestTradeOfEachProduct() throws Exception {
      start(manual().pastTrades(3));
      CoinbaseClient client = connect().subscribed(BTC, ETH);
      List<JsonNode> last = client.await(2, "last_match");
      assertThat(ids(last)).containsExactly(FIRST_ID + 2, 846_149_231L + 2);
      assertThat(last.get(0).fieldNames())
          .toIterable()
          .containsExactlyElementsOf(
              List.of(
                  "type",
                  "trade_id",
                  "maker_order_id",
                  "taker_order_id",
                  "side",
                  "size",
                  "price",
                  "product_id",
                  "sequence",
                  "time"));
      assertThat(types(client)).startsWith("subscriptions");

      simulator.trade(BTC, 2);
      client.say("{'type':'subscribe','product_ids':['BTC-USD'],'channels':['matches']}");
      assertThat(ids(client.await(3, "last_match"))).last().isEqualTo(FIRST_ID + 4);
      assertThat(ids(client.frames("match"))).containsExactly(FIRST_ID + 3, FIRST_ID + 4);
    }

    @Test
    void aProductWithoutTradesHasNoLastMatch() throws Exception {
      start(manual().pastTrades(0).firstTradeId(BTC, 5_000_000_000L));
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.trade(BTC, 1);
      client.await(1, "match");
      assertThat(types(client)).containsExactly("subscriptions", "match");
      assertThat(ids(client.frames("match"))).containsExactly(5_000_000_000L);
    }

    @Test
    void theFillsOfOneOrderShareTakerAndTime() throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.sweep(BTC, 4);
      List<JsonNode> fills = client.await(4, "match");
      assertThat(ids(fills)).isEqualTo(range(FIRST_ID + 1, FIRST_ID + 4));
      for (String shared : List.of("taker_order_id", "time", "side")) {
        assertThat(Set.copyOf(fills.stream().map(fill -> fill.get(shared)).toList())).hasSize(1);
      }
      assertThat(Set.copyOf(fills.stream().map(fill -> fill.get("maker_order_id")).toList()))
          .hasSize(4);
      long first = fills.get(0).get("sequence").asLong();
      assertThat(fills.stream().map(fill -> fill.get("sequence").asLong() - first))
          .containsExactly(0L, 2L, 4L, 6L);
    }

    @Test
    void aMarketInterleavesProductsAndCountsPerProduct() throws Exception {
      start(CoinbaseSimulator.builder().market(600, 3));
      CoinbaseClient client = connect().subscribed(BTC, ETH);
      client.await(300, "match");
      simulator.pauseSending();
      await()
          .atMost(SOON)
          .until(
              () ->
                  client.frames("match").size() + client.frames("last_match").size()
                      == simulator.sentCount());
      List<JsonNode> matches = client.frames("match");
      for (String product : List.of(BTC, ETH)) {
        List<JsonNode> own =
            matches.stream().filter(m -> m.get("product_id").asText().equals(product)).toList();
        long first = ids(own).get(0);
        assertThat(ids(own)).isEqualTo(range(first, first + own.size() - 1));
        JsonNode last =
            client.frames("last_match").stream()
                .filter(m -> m.get("product_id").asText().equals(product))
                .findFirst()
                .orElseThrow();
        assertThat(last.get("trade_id").asLong()).isEqualTo(first - 1);
        assertThat(own).isSortedAccordingTo((a, b) -> time(a).compareTo(time(b)));
        List<Long> jumps = new ArrayList<>();
        for (int i = 1; i < own.size(); i++) {
          jumps.add(own.get(i).get("sequence").asLong() - own.get(i - 1).get("sequence").asLong());
        }
        assertThat(jumps).allMatch(jump -> jump > 0).anyMatch(jump -> jump > 10).contains(2L);
        // The pause kept the trades that were waiting for their write.
        assertThat(simulator.history(product).stream().map(SimMatch::id).toList())
            .containsSequence(ids(own));
      }
      assertThat(matches)
          .allSatisfy(
              match -> {
                assertThat(match.get("time").asText()).matches(TIME);
                assertThat(match.get("price").asText()).matches("\\d+(\\.\\d*[1-9])?");
                assertThat(match.get("size").asText()).matches("\\d+(\\.\\d*[1-9])?");
              });
      List<String> products = matches.stream().map(m -> m.get("product_id").asText()).toList();
      assertThat(
              IntStream.range(1, products.size())
                  .filter(i -> !products.get(i).equals(products.get(i - 1))))
          .hasSizeGreaterThan(20);
    }

    @Test
    void aTickerIsOnePerIncomingOrderAndHasTheSideOfTheTaker() throws Exception {
      start(manual());
      CoinbaseClient client =
          connect().say("{'type':'subscribe','product_ids':['BTC-USD'],'channels':['ticker']}");
      assertThat(ids(client.await(1, "ticker"))).containsExactly(FIRST_ID);
      simulator.sweep(BTC, 3);
      SimMatch trade = simulator.trade(BTC, Side.SELL, "102861.5", "0.00481191");
      List<JsonNode> tickers = client.await(3, "ticker");
      assertThat(ids(tickers)).containsExactly(FIRST_ID, FIRST_ID + 3, FIRST_ID + 4);
      JsonNode newest = tickers.get(2);
      assertThat(newest.fieldNames())
          .toIterable()
          .containsExactly(
              "type",
              "sequence",
              "product_id",
              "price",
              "open_24h",
              "volume_24h",
              "low_24h",
              "high_24h",
              "volume_30d",
              "best_bid",
              "best_bid_size",
              "best_ask",
              "best_ask_size",
              "side",
              "time",
              "trade_id",
              "last_size");
      assertThat(newest.get("sequence").asLong()).isEqualTo(trade.sequence());
      assertThat(newest.get("side").asText()).isEqualTo("buy");
      assertThat(newest.get("price").asText()).isEqualTo("102861.5");
      assertThat(newest.get("high_24h").asText()).isEqualTo("102861.5");
      assertThat(newest.get("best_bid").asText()).isEqualTo("102861.49");
      assertThat(newest.get("best_ask").asText()).isEqualTo("102861.50");
      assertThat(newest.get("last_size").asText()).isEqualTo("0.00481191");
      assertThat(simulator.sentCount()).isZero();
    }

    @Test
    void theJournalSaysWhichTradeWasSentOnWhichConnection() throws Exception {
      start(manual());
      connect().subscribed(BTC);
      simulator.trade(BTC, 1);
      connect().subscribed(BTC);
      simulator.trade(BTC, 1);
      assertThat(simulator.sent())
          .extracting(tick -> tick.connection() + ":" + tick.symbol() + ":" + tick.tradeId())
          .containsExactlyInAnyOrder(
              "1:BTC-USD:" + FIRST_ID,
              "1:BTC-USD:" + (FIRST_ID + 1),
              "2:BTC-USD:" + (FIRST_ID + 1),
              "1:BTC-USD:" + (FIRST_ID + 2),
              "2:BTC-USD:" + (FIRST_ID + 2));
      SentTick newest = simulator.sent().get(4);
      SimMatch trade = simulator.history(BTC).get(2);
      assertThat(newest.price()).isEqualTo(trade.price());
      assertThat(newest.volume()).isEqualTo(trade.size());
      assertThat(newest.eventTimeMs()).isEqualTo(trade.time().toEpochMilli());
    }

    private static Instant time(JsonNode match) {
      return Instant.parse(match.get("time").asText());
    }
  }

  @Nested
  class Heartbeats {

    private static final String SUBSCRIBE =
        "{'type':'subscribe','product_ids':['BTC-USD','ETH-USD'],'channels':['matches','heartbeat']}";

    @Test
    void eachProductHasOnePerFullSecond() throws Exception {
      start(CoinbaseSimulator.builder().products(BTC, ETH));
      CoinbaseClient client = connect().say(SUBSCRIBE);
      List<JsonNode> beats = client.await(6, "heartbeat");
      for (String product : List.of(BTC, ETH)) {
        List<JsonNode> own =
            beats.stream().filter(beat -> beat.get("product_id").asText().equals(product)).toList();
        assertThat(own)
            .allSatisfy(
                beat -> {
                  assertThat(beat.fieldNames())
                      .toIterable()
                      .containsExactly("type", "last_trade_id", "product_id", "sequence", "time");
                  assertThat(beat.get("time").asText()).matches("[-T:0-9]+\\.00000[01]Z");
                });
        for (int i = 1; i < own.size(); i++) {
          Instant before = Instant.parse(own.get(i - 1).get("time").asText());
          Instant now = Instant.parse(own.get(i).get("time").asText());
          // A sender that is late by a second leaves that one out.
          assertThat(now.getEpochSecond()).isGreaterThan(before.getEpochSecond());
          assertThat(own.get(i).get("sequence").asLong())
              .isGreaterThan(own.get(i - 1).get("sequence").asLong());
        }
      }
      assertThat(beats.stream().filter(beat -> beat.get("product_id").asText().equals(BTC)))
          .allMatch(beat -> beat.get("last_trade_id").asLong() == FIRST_ID);
    }

    @Test
    void theyNameTheNewestTradeAlsoIfItWasDropped() throws Exception {
      start(manual());
      CoinbaseClient client = connect().say(SUBSCRIBE);
      client.await(2, "last_match");
      simulator.dropNextMatches(BTC, 1);
      simulator.trade(BTC, 1);
      simulator.sendHeartbeats();
      assertThat(client.await(2, "heartbeat"))
          .anySatisfy(
              beat -> {
                assertThat(beat.get("product_id").asText()).isEqualTo(BTC);
                assertThat(beat.get("last_trade_id").asLong()).isEqualTo(FIRST_ID + 1);
              });
      assertThat(client.frames("match")).isEmpty();
    }

    @Test
    void theyCanSayZero() throws Exception {
      start(manual());
      simulator.setHeartbeatMode(HeartbeatMode.ZERO);
      CoinbaseClient client = connect().say(SUBSCRIBE);
      client.await(2, "last_match");
      simulator.sendHeartbeats();
      assertThat(client.await(2, "heartbeat"))
          .allMatch(beat -> beat.get("last_trade_id").asLong() == 0);
    }

    @Test
    void theyCanRunAheadOfTheMatchByOne() throws Exception {
      start(manual());
      simulator.setHeartbeatMode(HeartbeatMode.AHEAD);
      CoinbaseClient client = connect().say(SUBSCRIBE);
      client.await(2, "last_match");
      simulator.sendHeartbeats();
      client.await(2, "match");
      assertThat(types(client)).endsWith("heartbeat", "match", "heartbeat", "match").hasSize(7);
      List<JsonNode> frames = client.frames();
      for (int i : new int[] {3, 5}) {
        JsonNode beat = frames.get(i);
        JsonNode match = frames.get(i + 1);
        assertThat(match.get("product_id")).isEqualTo(beat.get("product_id"));
        assertThat(match.get("trade_id").asLong()).isEqualTo(beat.get("last_trade_id").asLong());
      }
    }

    @Test
    void theyCanBeRepeated() throws Exception {
      start(manual());
      simulator.setHeartbeatMode(HeartbeatMode.REPEATED);
      CoinbaseClient client = connect().say(SUBSCRIBE);
      client.await(2, "last_match");
      simulator.sendHeartbeats();
      List<JsonNode> beats = client.await(4, "heartbeat");
      assertThat(beats).hasSize(4);
      assertThat(beats.get(0)).isEqualTo(beats.get(1));
      assertThat(beats.get(2)).isEqualTo(beats.get(3));
    }
  }

  @Nested
  class Faults {

    @Test
    void droppedMatchesHappenedButNoSocketReceivesThem() throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.trade(BTC, 1);
      simulator.dropNextMatches(BTC, 2);
      simulator.trade(BTC, 3);
      assertThat(simulator.matchesToDrop(BTC)).isZero();
      simulator.dropNextMatches(BTC, 1);
      simulator.trade(BTC, 1);

      client.await(2, "match");
      assertThat(ids(client.frames("match"))).containsExactly(FIRST_ID + 1, FIRST_ID + 4);
      assertThat(simulator.history(BTC).stream().map(SimMatch::id))
          .containsExactlyElementsOf(range(FIRST_ID, FIRST_ID + 5));
      assertThat(simulator.sent().stream().map(SentTick::tradeId))
          .containsExactly(FIRST_ID, FIRST_ID + 1, FIRST_ID + 4);
    }

    @Test
    void tradingGoesOnWhileNobodyIsConnected() throws Exception {
      start(CoinbaseSimulator.builder().market(400, 5));
      CoinbaseClient before = connect().subscribed(BTC);
      before.await(5, "match");
      simulator.faults().drop();
      await().atMost(SOON).until(before.raw()::isOver);
      List<Long> seen = ids(before.frames("match"));
      long last = seen.get(seen.size() - 1);
      await().atMost(SOON).until(() -> newest(BTC) > last + 20);

      CoinbaseClient after = connect().subscribed(BTC);
      long next = ids(after.await(1, "last_match")).get(0);
      assertThat(next).isGreaterThan(last + 20);
      assertThat(ids(after.await(1, "match")).get(0)).isEqualTo(next + 1);
    }

    @Test
    void aRestartOfTheServerKeepsTheIds() throws Exception {
      start(CoinbaseSimulator.builder().market(400, 5));
      CoinbaseClient before = connect().subscribed(BTC);
      before.await(5, "match");
      simulator.faults().restartServer(Duration.ofMillis(500));
      await().atMost(SOON).until(before.raw()::isOver);
      List<Long> seen = ids(before.frames("match"));
      await().atMost(SOON).ignoreExceptions().until(() -> connect() != null);
      CoinbaseClient after = clients.get(clients.size() - 1).subscribed(BTC);
      assertThat(ids(after.await(1, "last_match")).get(0)).isGreaterThan(seen.get(seen.size() - 1));
      long newest = newest(BTC);
      assertThat(simulator.history(BTC).stream().map(SimMatch::id))
          .startsWith(range(FIRST_ID, newest).toArray(Long[]::new));
    }

    @Test
    void tradingCanWaitForSubscribers() throws Exception {
      start(CoinbaseSimulator.builder().market(1_000, 5).tradesUnattended(false));
      CoinbaseClient client = connect().subscribed(ETH);
      client.await(20, "match");
      assertThat(newest(BTC)).isEqualTo(FIRST_ID);
    }

    @Test
    void aPauseEndsTheTrading() throws Exception {
      start(CoinbaseSimulator.builder().market(1_000, 5));
      await().atMost(SOON).until(() -> newest(BTC) > FIRST_ID + 10);
      simulator.pauseSending();
      long paused = newest(BTC);
      assertThatThrownBy(() -> simulator.trade(BTC, 1)).isInstanceOf(IllegalStateException.class);
      CoinbaseClient client = connect().subscribed(BTC);
      client.say("{'type':'subscribe','product_ids':['BTC-USD'],'channels':['heartbeat']}");
      client.await(2, "subscriptions");
      simulator.sendHeartbeats();
      assertThat(client.await(1, "heartbeat").get(0).get("last_trade_id").asLong())
          .isEqualTo(paused);
      assertThat(newest(BTC)).isEqualTo(paused);
      assertThat(client.frames("last_match")).isEmpty();
      simulator.resumeSending();
      assertThat(ids(client.await(1, "match")).get(0)).isEqualTo(paused + 1);
    }

    @Test
    void aDelistedProductEndsInMidRun() throws Exception {
      start(manual());
      CoinbaseClient client =
          connect()
              .say(
                  "{'type':'subscribe','product_ids':['BTC-USD','ETH-USD'],"
                      + "'channels':['matches','heartbeat']}");
      client.await(2, "last_match");
      simulator.delist(BTC);
      simulator.sendHeartbeats();
      client.say("{'type':'subscribe','product_ids':['BTC-USD'],'channels':['matches']}");
      assertThat(client.await(1, "error").get(0).get("reason").asText())
          .isEqualTo("BTC-USD is delisted");
      assertThat(client.await(1, "heartbeat"))
          .extracting(beat -> beat.get("product_id").asText())
          .containsOnly(ETH);
    }

    @Test
    void aHaltedProductDoesNotTradeButBeats() throws Exception {
      start(CoinbaseSimulator.builder().market(1_000, 5).heartbeatPeriod(Duration.ZERO));
      simulator.haltTrading(BTC);
      CoinbaseClient client =
          connect()
              .say(
                  "{'type':'subscribe','product_ids':['BTC-USD','ETH-USD'],"
                      + "'channels':['matches','heartbeat']}");
      long halted = newest(BTC);
      client.await(50, "match");
      assertThat(newest(BTC)).isEqualTo(halted);
      simulator.sendHeartbeats();
      assertThat(client.await(2, "heartbeat"))
          .anyMatch(beat -> beat.get("last_trade_id").asLong() == halted);
      simulator.resumeTrading(BTC);
      await().atMost(SOON).until(() -> newest(BTC) > halted);
    }

    @Test
    void framesMayHaveUnknownFields() throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.setUnknownFields(true);
      simulator.trade(BTC, 1);
      simulator.setUnknownFields(false);
      simulator.trade(BTC, 1);
      List<JsonNode> matches = client.await(2, "match");
      assertThat(matches.get(0).get("venue_note").isObject()).isTrue();
      assertThat(matches.get(1).has("venue_note")).isFalse();
    }

    @Test
    void hostileFramesComeBetweenMatches() throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.sendRaw("invalid (un)subscribe msg");
      simulator.sendRaw(HostileFrames.unknownType());
      simulator.trade(BTC, 1);
      await().atMost(SOON).until(() -> client.raw().texts().size() == 5);
      assertThat(client.raw().texts().get(2)).isEqualTo("invalid (un)subscribe msg");
      assertThat(json(client.raw().texts().get(3)).get("type").asText()).isEqualTo("surprise");
    }

    @Test
    void anErrorFrameMayLackTheReason() throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.sendError("ErrSlowConsume", null);
      simulator.sendError("Failed to subscribe", "later");
      assertThat(client.await(2, "error"))
          .containsExactly(
              json("{'type':'error','message':'ErrSlowConsume'}"),
              json("{'type':'error','message':'Failed to subscribe','reason':'later'}"));
    }

    @ParameterizedTest
    @CsvSource({"1000,deprecated hostname", "1001,''"})
    void aCloseHasItsCode(int code, String reason) throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.faults().close(code, reason);
      await().atMost(SOON).until(client.raw()::isOver);
      assertThat(client.raw().closeCode()).isEqualTo(code);
    }

    @Test
    void aConnectionEndsByResetOrWithoutACloseFrame() throws Exception {
      start(manual());
      CoinbaseClient client = connect().subscribed(BTC);
      simulator.faults().reset();
      await().atMost(SOON).until(client.raw()::isOver);
      assertThat(client.raw().end()).isEqualTo(FeedClient.End.RESET);
      CoinbaseClient second = connect().subscribed(BTC);
      simulator.faults().drop();
      await().atMost(SOON).until(second.raw()::isOver);
      assertThat(second.raw().end()).isEqualTo(FeedClient.End.END_OF_STREAM);
    }

    @Test
    void aStalledSocketStaysOpenAndSilent() throws Exception {
      start(manual());
      CoinbaseClient client =
          connect()
              .say(
                  "{'type':'subscribe','product_ids':['BTC-USD'],'channels':['matches','heartbeat']}");
      client.await(1, "last_match");
      simulator.faults().stall();
      simulator.trade(BTC, 2);
      simulator.sendHeartbeats();
      client.raw().ping("alive");
      await().atMost(SOON).until(() -> client.raw().pongs().size() == 1);
      assertThat(types(client)).containsExactly("subscriptions", "last_match");
      simulator.faults().resume();
      simulator.trade(BTC, 1);
      assertThat(ids(client.await(1, "match"))).containsExactly(FIRST_ID + 3);
    }

    @Test
    void aHandshakeCanBeRefusedAsTooMany() throws Exception {
      start(manual());
      simulator.faults().failHandshakes(1, HandshakeFault.status(429));
      assertThatThrownBy(this::connectAgain)
          .isInstanceOfSatisfying(
              FeedClient.Refused.class, e -> assertThat(e.status()).isEqualTo(429));
      connect().subscribed(BTC);
      assertThat(simulator.handshakes()).extracting("status").containsExactly(429, 101);
    }

    @Test
    void compressionIsAgreedWithoutContextTakeover() throws Exception {
      start(manual());
      try (CoinbaseClient client = CoinbaseClient.connectDeflating(simulator)) {
        assertThat(client.raw().extensions().replace(" ", "").split(";"))
            .containsExactlyInAnyOrder(
                "permessage-deflate", "server_no_context_takeover", "client_no_context_takeover");
        client.subscribed(BTC);
        simulator.trade(BTC, 3);
        assertThat(ids(client.await(3, "match"))).isEqualTo(range(FIRST_ID + 1, FIRST_ID + 3));
        assertThat(client.raw().compressedFrames()).isEqualTo(5);
      }
    }

    private void connectAgain() throws Exception {
      connect();
    }

    private long newest(String product) {
      List<SimMatch> history = simulator.history(product);
      return history.get(history.size() - 1).id();
    }
  }
}
