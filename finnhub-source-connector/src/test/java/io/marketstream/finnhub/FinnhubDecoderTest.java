package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.DecoderContract;
import io.marketstream.feed.harness.FrameMutations;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameEvents;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FinnhubDecoderTest {

  private static final long NOW = 1_680_286_538_000L;

  private static final long T = 1_680_286_537_580L;

  private final FinnhubDecoder decoder =
      new FinnhubDecoder(Set.of("AAPL", "MSFT", "BINANCE:BTCUSDT", "IC MARKETS:1"));

  private List<FeedEvent> decode(String frame) {
    return decoder.decode(frame, NOW);
  }

  private static FeedEvent.Tick trade(String symbol, String price, String volume, long time) {
    return new FeedEvent.Tick(TickKind.TRADE, symbol, price, volume, null, time);
  }

  private static String trade(String fields) {
    return "{\"data\":[{" + fields + "}],\"type\":\"trade\"}";
  }

  private FeedEvent.Tick tick(String fields) {
    List<FeedEvent> events = decode(trade(fields));
    assertThat(events).hasSize(1).first().isInstanceOf(FeedEvent.Tick.class);
    return (FeedEvent.Tick) events.get(0);
  }

  private FeedEvent.Rejected reject(String frame) {
    List<FeedEvent> events = decode(frame);
    assertThat(events).hasSize(1).first().isInstanceOf(FeedEvent.Rejected.class);
    return (FeedEvent.Rejected) events.get(0);
  }

  @Nested
  class Trades {

    @Test
    void aStockTradeKeepsItsConditionsInWireOrder() {
      assertThat(
              decode(
                  "{\"data\":[{\"c\":[\"1\",\"8\",\"24\",\"12\"],\"p\":164.0601,\"s\":\"AAPL\","
                      + "\"t\":1680286537580,\"v\":5}],\"type\":\"trade\"}"))
          .containsExactly(
              new FeedEvent.Tick(
                  TickKind.TRADE, "AAPL", "164.0601", "5", List.of("1", "8", "24", "12"), T));
    }

    @Test
    void aCryptoTradeHasNoConditions() {
      assertThat(
              decode(
                  "{\"data\":[{\"c\":null,\"p\":66972.77,\"s\":\"BINANCE:BTCUSDT\","
                      + "\"t\":1680286537580,\"v\":0.00008}],\"type\":\"trade\"}"))
          .containsExactly(trade("BINANCE:BTCUSDT", "66972.77", "0.00008", T));
    }

    @Test
    void aConditionMayBeAnyUnicodeText() {
      assertThat(
              tick("\"c\":[\"\\ud83d\\ude00€\"],\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1")
                  .conditions())
          .containsExactly("\uD83D\uDE00€");
    }

    @Test
    void absentConditionsAreAbsentAndEmptyOnesEmpty() {
      assertThat(tick("\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1").conditions()).isNull();
      assertThat(tick("\"c\":null,\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1").conditions())
          .isNull();
      assertThat(tick("\"c\":[],\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1").conditions())
          .isEmpty();
    }

    @Test
    void aFrameOfTwoIdenticalTradesYieldsTwoTicks() {
      String one = "{\"c\":[\"1\"],\"p\":10.5,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":100}";
      List<FeedEvent> events = decode("{\"data\":[" + one + "," + one + "],\"type\":\"trade\"}");
      assertThat(events).hasSize(2);
      assertThat(events.get(0)).isEqualTo(events.get(1)).isInstanceOf(FeedEvent.Tick.class);
    }

    @Test
    void oneMessageMixesSymbolsAndItsTimesMayGoBackwards() {
      assertThat(
              decode(
                  "{\"data\":["
                      + "{\"c\":null,\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1},"
                      + "{\"c\":null,\"p\":2,\"s\":\"IC MARKETS:1\",\"t\":1680286537480,\"v\":2},"
                      + "{\"c\":null,\"p\":3,\"s\":\"AAPL\",\"t\":1680286537579,\"v\":3}"
                      + "],\"type\":\"trade\"}"))
          .containsExactly(
              trade("AAPL", "1", "1", T),
              trade("IC MARKETS:1", "2", "2", T - 100),
              trade("AAPL", "3", "3", T - 1));
    }

    @ParameterizedTest
    @CsvSource({
      "164,164",
      "164.0601,164.0601",
      "1.6e2,160",
      "1E-7,0.0000001",
      "0.1234567890123456789,0.1234567890123456789",
      "123456789.12345678901234567890123,123456789.12345678901234567890123",
      "100.10,100.10"
    })
    void aPriceIsExactInWhateverSpelling(String wire, String price) {
      assertThat(tick("\"p\":" + wire + ",\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1").price())
          .isEqualTo(price);
    }

    @Test
    void aTradeOfVolumeZeroIsAPrice() {
      for (String zero : List.of("0", "0.0", "0e3", "0.000")) {
        assertThat(tick("\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":" + zero).kind())
            .as(zero)
            .isEqualTo(TickKind.PRICE);
      }
      assertThat(tick("\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":0.00008").kind())
          .isEqualTo(TickKind.TRADE);
    }

    @Test
    void theOrderOfKeysAndKeysUnknownDoNotMatter() {
      assertThat(
              decode(
                  " {\"type\" : \"trade\", \"more\":{\"data\":[1]}, \"data\" : [ {\"v\":1,\"x\":[{}],"
                      + "\"t\":1680286537580,\"s\":\"AAPL\",\"p\":2,\"c\":null} ] } "))
          .containsExactly(trade("AAPL", "2", "1", T));
    }

    @ParameterizedTest
    @CsvSource({
      "AAPL,aapl",
      "GEMINI:btcusd,GEMINI:btcusd",
      "GEMINI:btcusd,GEMINI:BTCUSD",
      "FXCM:UKOil,FXCM:UKOIL"
    })
    void symbolIsPublishedAsConfigured(String configured, String answered) {
      FinnhubDecoder of = new FinnhubDecoder(Set.of(configured, "MSFT"));
      String frame =
          "{\"data\":[{\"p\":1,\"s\":\""
              + answered
              + "\",\"t\":1680286537580,\"v\":1}],\"type\":\"trade\"}";
      assertThat(of.decode(frame, NOW)).containsExactly(trade(configured, "1", "1", T));
    }

    @Test
    void anEmptyMessageHasNoEvents() {
      assertThat(decode("{\"data\":[],\"type\":\"trade\"}")).isEmpty();
    }

    @Test
    void dataGivenTwiceLosesNoTrade() {
      assertThat(
              decode(
                  "{\"data\":[{\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1}],"
                      + "\"data\":[{\"p\":2,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1}],"
                      + "\"type\":\"trade\"}"))
          .containsExactly(trade("AAPL", "1", "1", T), trade("AAPL", "2", "1", T));
    }
  }

  @Nested
  class InvalidTrades {

    @Test
    void badTradeIsRejectedAlone() {
      List<FeedEvent> events =
          decode(
              "{\"data\":[{\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1},"
                  + "{\"p\":\"1\",\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1},"
                  + "7,\"text\",null,[1],"
                  + "{\"p\":2,\"s\":\"MSFT\",\"t\":1680286537580,\"v\":2}],\"type\":\"trade\"}");
      assertThat(events).hasSize(7);
      assertThat(events.get(0)).isEqualTo(trade("AAPL", "1", "1", T));
      assertThat(events.get(6)).isEqualTo(trade("MSFT", "2", "2", T));
      assertThat(events.subList(1, 6))
          .allSatisfy(
              event ->
                  assertThat(((FeedEvent.Rejected) event).reason())
                      .isEqualTo(RejectReason.WRONG_TYPE))
          .extracting(event -> ((FeedEvent.Rejected) event).input())
          .containsExactly(
              "{\"p\":\"1\",\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1}",
              "7",
              "\"text\"",
              "null",
              "[1]");
    }

    @Test
    void aTradeKeepsNoFieldsOfThePreviousOne() {
      String rich = "{\"c\":[\"1\"],\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1},";
      assertThat(
              decode(
                  "{\"data\":["
                      + rich
                      + "{\"p\":2,\"s\":\"MSFT\",\"t\":1680286537580,\"v\":2}],\"type\":\"trade\"}"))
          .endsWith(trade("MSFT", "2", "2", T));
      for (String poor :
          List.of(
              "{\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1}",
              "{\"p\":1,\"t\":1680286537580,\"v\":1}",
              "{\"p\":1,\"s\":\"AAPL\",\"v\":1}",
              "{\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580}")) {
        assertThat(decode("{\"data\":[" + rich + poor + "],\"type\":\"trade\"}").get(1))
            .isEqualTo(
                new FeedEvent.Rejected(
                    RejectReason.MISSING_FIELD, "a trade needs p, s, t and v", poor));
      }
    }

    @Test
    void theTextOfABadTradeIsFoundInALargeFrameToo() {
      String good = "{\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1},";
      String bad = "{\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"€\":1}";
      List<FeedEvent> events =
          decode("{\"data\":[" + good.repeat(2_000) + bad + "],\"type\":\"trade\"}");
      assertThat(events).hasSize(2_001);
      assertThat(events.get(2_000))
          .isEqualTo(
              new FeedEvent.Rejected(
                  RejectReason.MISSING_FIELD, "a trade needs p, s, t and v", bad));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "'\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1'|MISSING_FIELD",
          "'\"p\":1,\"t\":1680286537580,\"v\":1'|MISSING_FIELD",
          "'\"p\":1,\"s\":\"AAPL\",\"v\":1'|MISSING_FIELD",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580'|MISSING_FIELD",
          "''|MISSING_FIELD",
          "'\"p\":null,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1'|WRONG_TYPE",
          "'\"p\":{},\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1'|WRONG_TYPE",
          "'\"p\":1,\"s\":1,\"t\":1680286537580,\"v\":1'|WRONG_TYPE",
          "'\"p\":1,\"s\":\"\",\"t\":1680286537580,\"v\":1'|WRONG_TYPE",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":\"1680286537580\",\"v\":1'|WRONG_TYPE",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580.5,\"v\":1'|WRONG_TYPE",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":true'|WRONG_TYPE",
          "'\"c\":\"1\",\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1'|WRONG_TYPE",
          "'\"c\":[1],\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1'|WRONG_TYPE",
          "'\"c\":[\"\\ud800\"],\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1'|WRONG_TYPE",
          "'\"p\":1e999999999,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1'|INVALID_DECIMAL",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1e-999999999'|INVALID_DECIMAL",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":-1'|INVALID_DECIMAL",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":0,\"v\":1'|IMPLAUSIBLE_TIME",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":-1680286537580,\"v\":1'|IMPLAUSIBLE_TIME",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580000,\"v\":1'|IMPLAUSIBLE_TIME",
          "'\"p\":1,\"s\":\"AAPL\",\"t\":99999999999999999999999,\"v\":1'|IMPLAUSIBLE_TIME",
          "'\"p\":1,\"s\":\"GOOG\",\"t\":1680286537580,\"v\":1'|UNSUBSCRIBED_SYMBOL"
        })
    void problemOfATradeIsItsReason(String fields, RejectReason reason) {
      FeedEvent.Rejected rejected = reject(trade(fields));
      assertThat(rejected.reason()).isEqualTo(reason);
      assertThat(rejected.input()).isEqualTo("{" + fields + "}");
    }

    @Test
    void tooManyConditionsRejectTheTrade() {
      String rest = "],\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1";
      assertThat(tick("\"c\":[" + "\"1\",".repeat(63) + "\"2\"" + rest).conditions()).hasSize(64);
      assertThat(reject(trade("\"c\":[" + "\"1\",".repeat(64) + "\"2\"" + rest)).reason())
          .isEqualTo(RejectReason.WRONG_TYPE);
      assertThat(reject(trade("\"c\":[\"" + "1".repeat(500_000) + "\"" + rest)).reason())
          .isEqualTo(RejectReason.WRONG_TYPE);
    }
  }

  @Nested
  class InvalidFrames {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "''|WRONG_TYPE",
          "'[]'|WRONG_TYPE",
          "'7'|WRONG_TYPE",
          "'null'|WRONG_TYPE",
          "'{'|INVALID_JSON",
          "'{\"data\":[{\"p\":1'|INVALID_JSON",
          "'{\"data\":[{\"p\":NaN}],\"type\":\"trade\"}'|INVALID_JSON",
          "'{\"data\":[],\"type\":\"trade\"}{}'|INVALID_JSON",
          "'{\"data\":[],\"type\":\"trade\"} x'|INVALID_JSON",
          "'{''type'':''ping''}'|INVALID_JSON",
          "'Unauthorized'|INVALID_JSON",
          "'{}'|MISSING_FIELD",
          "'{\"type\":null}'|MISSING_FIELD",
          "'{\"type\":\"trade\"}'|MISSING_FIELD",
          "'{\"data\":{},\"type\":\"trade\"}'|WRONG_TYPE",
          "'{\"data\":null,\"type\":\"trade\"}'|WRONG_TYPE",
          "'{\"data\":[],\"type\":\"quote\"}'|UNKNOWN_TYPE",
          "'{\"type\":\"Trade\"}'|UNKNOWN_TYPE"
        })
    void frameThatIsNotAMessageIsRejected(String frame, RejectReason reason) {
      FeedEvent.Rejected rejected = reject(frame);
      assertThat(rejected.reason()).isEqualTo(reason);
      assertThat(rejected.input()).isEqualTo(frame);
    }

    @Test
    void everyTruncationOfAMessageIsOneReject() {
      String frame =
          "{\"data\":[{\"c\":[\"1\",\"12\"],\"p\":164.0601,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":5}],"
              + "\"type\":\"trade\"}";
      for (int length = 0; length < frame.length(); length++) {
        assertThat(decode(frame.substring(0, length)))
            .as("%d characters", length)
            .hasSize(1)
            .first()
            .isInstanceOf(FeedEvent.Rejected.class);
      }
    }

    @Test
    void bytesThatWereNotUtf8RejectTheFrame() {
      assertThat(reject(trade("\"p\":1,\"s\":\"AA\uFFFDPL\",\"t\":1680286537580,\"v\":1")).reason())
          .isEqualTo(RejectReason.NOT_UTF8);
    }

    @Test
    void noTextCausesAnException() {
      long seed = Long.getLong("marketstream.seed", 20261123L);
      System.out.println("FinnhubDecoderTest.noTextCausesAnException seed " + seed);
      FrameMutations mutations =
          new FrameMutations(
              seed,
              List.of(
                  "{\"data\":[{\"c\":[\"1\",\"12\"],\"p\":164.0601,\"s\":\"AAPL\","
                      + "\"t\":1680286537580,\"v\":5},{\"c\":null,\"p\":66972.77,"
                      + "\"s\":\"BINANCE:BTCUSDT\",\"t\":1680286537580,\"v\":0.00008}],"
                      + "\"type\":\"trade\"}",
                  "{\"type\":\"ping\"}",
                  "{\"msg\":\"Invalid symbol OANDA:EUR_USD\",\"type\":\"error\"}",
                  "{\"data\":[{\"headline\":\"x\"}],\"type\":\"news\"}"));
      DecoderContract contract = new DecoderContract(decoder::decode);
      int ticks = 0;
      for (int i = 0; i < 30_000; i++) {
        for (FeedEvent event : contract.decode(mutations.next())) {
          ticks += event instanceof FeedEvent.Tick ? 1 : 0;
        }
      }
      assertThat(ticks).as("mutations that leave trades whole, seed %d", seed).isGreaterThan(100);
    }
  }

  @Nested
  class OtherMessages {

    @Test
    void aPingIsASignOfLifeOnly() {
      assertThat(decode("{\"type\":\"ping\"}")).containsExactly(new FeedEvent.Heartbeat());
    }

    @Test
    void newsAndPressReleasesAreKnownAndIgnored() {
      assertThat(decode("{\"data\":[{\"headline\":\"x\"}],\"type\":\"news\"}"))
          .containsExactly(new FeedEvent.Ignored("news"));
      assertThat(decode("{\"data\":[{\"headline\":\"x\"}],\"type\":\"pr\"}"))
          .containsExactly(new FeedEvent.Ignored("pr"));
    }

    @Test
    void anErrorFrameIsARefusalWithItsText() {
      String frame = "{\"msg\":\"Subscribing to too many symbols\",\"type\":\"error\"}";
      assertThat(decode(frame))
          .containsExactly(new FeedEvent.Refused(null, "Subscribing to too many symbols", frame));
    }

    @Test
    void invalidSymbolIsFoundInAnyCase() {
      for (String message :
          List.of(
              "Invalid symbol BINANCE:BTCUSDT",
              "Invalid symbol binance:btcusdt",
              "invalid symbol: BINANCE:BTCUSDT ")) {
        String frame = "{\"msg\":\"" + message + "\",\"type\":\"error\"}";
        assertThat(decode(frame))
            .containsExactly(new FeedEvent.Refused("BINANCE:BTCUSDT", message, frame));
      }
      String other = "{\"msg\":\"Invalid symbol X\",\"type\":\"error\"}";
      assertThat(decode(other))
          .containsExactly(new FeedEvent.Refused(null, "Invalid symbol X", other));
    }

    @Test
    void errorWithoutSubscriptionIsAFeedError() {
      String frame = "{\"msg\":\"Internal error\",\"type\":\"error\"}";
      assertThat(decode(frame)).containsExactly(new FeedEvent.FeedError("Internal error", frame));
      assertThat(decode("{\"type\":\"error\"}"))
          .containsExactly(new FeedEvent.FeedError("", "{\"type\":\"error\"}"));
    }

    @Test
    void refusalIsNotCutBeforeItIsMasked() {
      FeedEvent.FeedError refused =
          (FeedEvent.FeedError)
              decode("{\"msg\":\"" + "x".repeat(1_000) + "\",\"type\":\"error\"}").get(0);
      assertThat(refused.message()).isEqualTo("x".repeat(1_000));
    }
  }

  @Nested
  class SizeLimits {

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"data\":"})
    void nestingTenThousandDeepIsRejected(String opening) {
      String deep = opening.repeat(10_000);
      assertThat(reject("{\"data\":" + deep).reason()).isEqualTo(RejectReason.INVALID_JSON);
      assertThat(reject("{\"type\":\"trade\",\"x\":" + deep).reason())
          .isEqualTo(RejectReason.INVALID_JSON);
    }

    @Test
    void tenMegabytesNeedBoundedMemory() {
      assertThat(reject("{\"x\":\"" + "a".repeat(10_000_000)).reason())
          .isEqualTo(RejectReason.INVALID_JSON);
      assertThat(decode("{\"type\":\"ping\",\"x\":\"" + "a".repeat(10_000_000) + "\"}"))
          .containsExactly(new FeedEvent.Heartbeat());
      assertThat(reject(trade("\"p\":" + "9".repeat(10_000_000))).reason())
          .isEqualTo(RejectReason.INVALID_JSON);
    }

    @Test
    void goodTradesPassInAFrameOfGarbage() {
      String good = "{\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1}";
      String frame =
          "{\"data\":[" + good + "," + "0,".repeat(300_000) + good + "],\"type\":\"trade\"}";
      List<FeedEvent> events = decode(frame);
      assertThat(events).hasSize(2 + FrameEvents.MAX_REJECTS + 1);
      assertThat(events).filteredOn(FeedEvent.Tick.class::isInstance).hasSize(2);
      assertThat(events.get(events.size() - 1))
          .isEqualTo(
              new FeedEvent.Rejected(
                  RejectReason.WRONG_TYPE, "299900 more bad entries of one frame", frame));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0,",
          "{},",
          "[[]],",
          "{\"c\":[]},",
          "{\"c\":[[],[]]},",
          "{\"p\":1e40,\"p\":1e40,\"p\":1e40},",
          "{\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1},",
          "{\"p\":1e40,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1e-40},",
          "{\"c\":[\"\",\"\",\"\",\"\"],\"p\":1,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":1},"
        })
    void aFrameNeverTakesManyTimesItsSizeInMemory(String entry) {
      DecoderContract contract = new DecoderContract(decoder::decode);
      for (int entries : new int[] {1, 10, 100, 1_000, 10_000}) {
        contract.decode("{\"data\":[" + entry.repeat(entries) + "0],\"type\":\"trade\"}");
        contract.decode("{\"type\":\"error\",\"msg\":\"" + entry.replace('"', '€').repeat(entries));
      }
    }
  }

  @Nested
  class Scanner {

    /** Uses small mutations of frames that the scanner reads, so that it accepts some of them. */
    @Test
    void theScannerAndTheParserGiveTheSameEvents() {
      long seed = Long.getLong("marketstream.seed", 20261129L);
      System.out.println("FinnhubDecoderTest.theScannerAndTheParserGiveTheSameEvents seed " + seed);
      FrameMutations mutations = new FrameMutations(seed, AS_FINNHUB_WRITES_THEM);
      FinnhubSymbols symbols =
          new FinnhubSymbols(Set.of("AAPL", "BINANCE:BTCUSDT", "IC MARKETS:1"));
      FinnhubDecoder both = new FinnhubDecoder(Set.of("AAPL", "BINANCE:BTCUSDT", "IC MARKETS:1"));
      TradeScanner.KnownTexts known = new TradeScanner.KnownTexts();
      int scanned = 0;
      for (int i = 0; i < 100_000; i++) {
        String frame = mutations.next();
        List<FeedEvent> trades = TradeScanner.scan(frame, symbols, known, NOW);
        if (trades != null) {
          scanned++;
          assertThat(trades).as("seed %d, %s", seed, frame).isEqualTo(both.parse(frame, NOW));
        }
      }
      assertThat(scanned).as("frames without a parser, seed %d", seed).isGreaterThan(500);
    }

    @Test
    void usualFramesNeedNoParser() {
      FinnhubSymbols symbols =
          new FinnhubSymbols(Set.of("AAPL", "BINANCE:BTCUSDT", "IC MARKETS:1"));
      TradeScanner.KnownTexts known = new TradeScanner.KnownTexts();
      for (String frame : AS_FINNHUB_WRITES_THEM) {
        assertThat(TradeScanner.scan(frame, symbols, known, NOW))
            .as(frame)
            .isNotNull()
            .isEqualTo(decoder.parse(frame, NOW));
      }
    }

    @Test
    void aRepeatedTextIsDecodedAlike() {
      String trade =
          "{\"data\":[{\"c\":%s,\"p\":1,\"s\":\"%s\",\"t\":1680286537580,\"v\":1}],\"type\":\"trade\"}";
      for (String codes :
          List.of("null", "[]", "[\"1\"]", "[\"1\",\"]\"]", "[\"1\"]", "[1]", "[\"1\"")) {
        for (String symbol : List.of("AAPL", "aapl", "MSFT", "AAPL\\", "AAPL")) {
          String frame = trade.formatted(codes, symbol);
          List<FeedEvent> expected = decoder.parse(frame, NOW);
          assertThat(decoder.decode(frame, NOW)).as(frame).isEqualTo(expected);
          assertThat(decoder.decode(frame, NOW)).as(frame).isEqualTo(expected);
        }
      }
    }

    private static final List<String> AS_FINNHUB_WRITES_THEM =
        List.of(
            "{\"data\":[{\"c\":[\"1\",\"12\"],\"p\":164.0601,\"s\":\"AAPL\",\"t\":1680286537580,\"v\":5}],"
                + "\"type\":\"trade\"}",
            "{\"data\":[{\"c\":null,\"p\":66972.77,\"s\":\"BINANCE:BTCUSDT\",\"t\":1680286537580,"
                + "\"v\":0.00008},{\"c\":[],\"p\":0,\"s\":\"AAPL\",\"t\":1680286537579,\"v\":0}],"
                + "\"type\":\"trade\"}",
            "{\"data\":[{\"p\":10.50,\"s\":\"IC MARKETS:1\",\"t\":1680286537580,\"v\":1},"
                + "{\"p\":7,\"s\":\"aapl\",\"t\":1680286537581,\"v\":0.0}],\"type\":\"trade\"}");
  }
}
