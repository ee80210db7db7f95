package io.marketstream.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.DecoderContract;
import io.marketstream.feed.harness.FrameMutations;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.model.TradeSide;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoinbaseDecoderTest {
  private static final long NOW = Instant.parse("2026-09-30T01:34:39Z").toEpochMilli();
  private static final CoinbaseDecoder DECODER =
      new CoinbaseDecoder(List.of("BTC-USD", "SOL-USD", "YFI-BTC", "YFI-USD"));

  /** A trade as the venue sends it. */
  private static final String MATCH =
      "{\"type\":\"match\",\"trade_id\":1100236127,\"maker_order_id\":\"ea3b1638-90f2-4ac8-977c-c3ca06ef2474\","
          + "\"taker_order_id\":\"6d538ecc-50fa-4f55-adec-be19538aa77a\",\"side\":\"buy\",\"size\":\"0.00005832\","
          + "\"price\":\"83335.51\",\"product_id\":\"BTC-USD\",\"sequence\":136998252011,"
          + "\"time\":\"2026-09-30T01:34:38.309540Z\"}";

  private static List<FeedEvent> decode(String frame) {
    return DECODER.decode(frame, NOW);
  }

  private static FeedEvent tick(
      String product, String price, String size, String time, long id, TradeSide side) {
    return new FeedEvent.Tick(
        TickKind.TRADE,
        product,
        price,
        size,
        null,
        Instant.parse(time).toEpochMilli(),
        new FeedEvent.VenueTrade(id, side));
  }

  /** The newest trade that the feed sends when a subscription begins. */
  private static FeedEvent snapshot(FeedEvent event) {
    FeedEvent.Tick tick = (FeedEvent.Tick) event;
    return new FeedEvent.Tick(
        tick.kind(),
        tick.symbol(),
        tick.price(),
        tick.volume(),
        tick.conditions(),
        tick.eventTime(),
        tick.trade(),
        true);
  }

  private static void assertRejected(String frame, RejectReason reason) {
    assertThat(decode(frame))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        FeedEvent.Rejected.class,
                        rejected -> {
                          assertThat(rejected.reason()).isEqualTo(reason);
                          assertThat(rejected.input()).isEqualTo(frame);
                        }));
  }

  @Test
  void matchHasTheExactValuesAndTheSideOfTheTaker() {
    assertThat(decode(MATCH))
        .containsExactly(
            tick(
                "BTC-USD",
                "83335.51",
                "0.00005832",
                "2026-09-30T01:34:38.309540Z",
                1_100_236_127L,
                TradeSide.SELL));
    assertThat(
            decode(
                "{\"type\":\"last_match\",\"trade_id\":356126308,\"maker_order_id\":\"f2629fc9-a40e-426f-b793-0009908f65eb\","
                    + "\"taker_order_id\":\"26beb3c9-8343-4ee8-b106-24e797843b7e\",\"side\":\"sell\",\"size\":\"4.196402\","
                    + "\"price\":\"119.15\",\"product_id\":\"SOL-USD\",\"sequence\":32758982303,"
                    + "\"time\":\"2026-09-30T01:34:37.076957Z\"}"))
        .containsExactly(
            snapshot(
                tick(
                    "SOL-USD",
                    "119.15",
                    "4.196402",
                    "2026-09-30T01:34:37.076957Z",
                    356_126_308L,
                    TradeSide.BUY)));
    assertThat(
            decode(
                "{\"type\":\"last_match\",\"trade_id\":889760,\"maker_order_id\":\"fc850f11-c268-4f38-8412-065bea96957d\","
                    + "\"taker_order_id\":\"5e123235-943a-4afc-94f4-5641e12e09ff\",\"side\":\"buy\",\"size\":\"0.000007\","
                    + "\"price\":\"0.82601\",\"product_id\":\"YFI-BTC\",\"sequence\":451724584,"
                    + "\"time\":\"2021-04-17T16:43:15.270101Z\"}"))
        .containsExactly(
            snapshot(
                tick(
                    "YFI-BTC",
                    "0.82601",
                    "0.000007",
                    "2021-04-17T16:43:15.270101Z",
                    889_760,
                    TradeSide.SELL)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-09-30T01:34:38Z",
        "2026-09-30T01:34:38.3Z",
        "2026-09-30T01:34:38.60168Z",
        "2026-09-30T01:34:38.309540123Z"
      })
  void timeHasUpToNineDigits(String time) {
    assertThat(decode(MATCH.replace("2026-09-30T01:34:38.309540Z", time)))
        .containsExactly(
            tick("BTC-USD", "83335.51", "0.00005832", time, 1_100_236_127L, TradeSide.SELL));
  }

  @Test
  void heartbeatNamesTheNewestTrade() {
    String heartbeat =
        "{\"type\":\"heartbeat\",\"last_trade_id\":1100236140,\"product_id\":\"BTC-USD\","
            + "\"sequence\":136998254023,\"time\":\"2026-09-30T01:34:39.000001Z\"}";
    assertThat(decode(heartbeat))
        .containsExactly(new FeedEvent.NewestTrade("BTC-USD", 1_100_236_140L));
    assertThat(decode(heartbeat.replace("1100236140", "0")))
        .as("0 means that the venue does not say")
        .containsExactly(new FeedEvent.NewestTrade("BTC-USD", 0));
    assertThat(decode(heartbeat.replace("BTC-USD", "OTHER-USD")))
        .containsExactly(new FeedEvent.Heartbeat());
  }

  @Test
  void answerNamesTheProductsOfMatches() {
    assertThat(
            decode(
                "{\"type\":\"subscriptions\",\"channels\":[{\"name\":\"matches\",\"product_ids\":[\"SOL-USD\",\"BTC-USD\"],"
                    + "\"account_ids\":null},{\"name\":\"heartbeat\",\"product_ids\":[\"BTC-USD\",\"YFI-USD\"],\"account_ids\":null}]}"))
        .containsExactly(new FeedEvent.Subscribed(Set.of("BTC-USD", "SOL-USD")));
    assertThat(decode("{\"type\":\"subscriptions\",\"channels\":[]}"))
        .containsExactly(new FeedEvent.Subscribed(Set.of()));
  }

  @Test
  void errorsRefuseTheProductThatTheyName() {
    String delisted =
        "{\"type\":\"error\",\"message\":\"Failed to subscribe\",\"reason\":\"YFI-USD is delisted\"}";
    assertThat(decode(delisted))
        .containsExactly(
            new FeedEvent.Refused("YFI-USD", "Failed to subscribe: YFI-USD is delisted", delisted));
    String empty =
        "{\"type\":\"error\",\"message\":\"Failed to subscribe\",\"reason\":\" is not a valid product\"}";
    assertThat(decode(empty))
        .containsExactly(
            new FeedEvent.FeedError("Failed to subscribe:  is not a valid product", empty));
    String bare = "{\"type\":\"error\",\"message\":\"slow down\"}";
    assertThat(decode(bare)).containsExactly(new FeedEvent.FeedError("slow down", bare));
  }

  @Test
  void newTypesAndFieldsAreIgnored() {
    assertThat(decode(MATCH.replace("{\"type\"", "{\"profile\":{\"a\":[1,{}]},\"type\"")))
        .hasOnlyElementsOfType(FeedEvent.Tick.class);
    assertThat(decode("{\"type\":\"ticker\",\"price\":12,\"time\":false}"))
        .containsExactly(new FeedEvent.Ignored("ticker"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"trade_id\":1100236127|\"trade_id\":\"1100236127\"|WRONG_TYPE",
        "\"trade_id\":1100236127|\"trade_id\":1.5|WRONG_TYPE",
        "\"trade_id\":1100236127|\"trade_id\":12345678901234567890|WRONG_TYPE",
        "\"trade_id\":1100236127|\"trade_id\":0|MISSING_FIELD",
        "\"trade_id\":1100236127|\"trade\":1|MISSING_FIELD",
        "\"side\":\"buy\"|\"side\":\"bid\"|WRONG_TYPE",
        "\"side\":\"buy\"|\"x\":1|MISSING_FIELD",
        "\"0.00005832\"|\"1e99\"|INVALID_DECIMAL",
        "\"0.00005832\"|\"-1\"|INVALID_DECIMAL",
        "\"83335.51\"|83335.51|WRONG_TYPE",
        "\"83335.51\"|\"NaN\"|INVALID_DECIMAL",
        "2026-09-30T01:34:38.309540Z|yesterday|WRONG_TYPE",
        "2026-09-30T01:34:38.309540Z|+999999999-01-01T00:00:00Z|WRONG_TYPE",
        "2026-09-30T01:34:38.309540Z|1969-09-30T01:34:38Z|IMPLAUSIBLE_TIME",
        "BTC-USD|DOGE-USD|UNSUBSCRIBED_SYMBOL",
        "\"type\":\"match\"|\"type\":7|MISSING_FIELD"
      })
  void invalidTradeIsRejected(String old, String changed, RejectReason reason) {
    assertRejected(MATCH.replace(old, changed), reason);
  }

  @Test
  void whatIsNoJsonIsRejected() {
    assertRejected("invalid (un)subscribe msg", RejectReason.INVALID_JSON);
    assertRejected(MATCH + "x", RejectReason.INVALID_JSON);
    assertRejected("[]", RejectReason.WRONG_TYPE);
    assertRejected("{\"type\":\"\uFFFD\"}", RejectReason.NOT_UTF8);
  }

  @Test
  void noTextCausesAnException() {
    long seed = Long.getLong("marketstream.seed", 20261130L);
    System.out.println("CoinbaseDecoderTest.noTextCausesAnException seed " + seed);
    FrameMutations mutations =
        new FrameMutations(
            seed,
            List.of(
                MATCH.replace("2026-09-30", "2023-03-31"),
                "{\"type\":\"heartbeat\",\"last_trade_id\":1100236140,\"product_id\":\"BTC-USD\"}",
                "{\"type\":\"subscriptions\",\"channels\":[{\"name\":\"matches\",\"product_ids\":[\"BTC-USD\"]}]}",
                "{\"type\":\"error\",\"message\":\"no\",\"reason\":\"YFI-USD is delisted\"}"));
    DecoderContract contract = new DecoderContract(DECODER::decode);
    int ticks = 0;
    for (int i = 0; i < 30_000; i++) {
      for (FeedEvent event : contract.decode(mutations.next())) {
        ticks += event instanceof FeedEvent.Tick ? 1 : 0;
      }
    }
    assertThat(ticks).as("mutations that leave trades whole, seed %d", seed).isGreaterThan(100);
  }

  @Test
  void aFrameNeverTakesManyTimesItsSizeInMemory() {
    DecoderContract contract = new DecoderContract(DECODER::decode);
    for (int entries : new int[] {1, 100, 10_000}) {
      contract.decode("{\"type\":\"match\"," + "\"price\":\"1e40\",".repeat(entries) + "\"b\":1}");
      contract.decode("{\"type\":\"match\"," + "\"time\":\"x\",".repeat(entries) + "\"b\":1}");
      contract.decode(
          "{\"type\":\"subscriptions\",\"channels\":[{\"name\":\"matches\",\"product_ids\":["
              + "\"A-B\",".repeat(entries)
              + "\"A\"]}]}");
    }
  }
}
