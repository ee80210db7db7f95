package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.DecoderContract;
import io.marketstream.feed.harness.FrameMutations;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameEvents;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CoinCapDecoderTest {

  private static final long NOW = 1_680_286_538_000L;

  private final CoinCapDecoder some =
      new CoinCapDecoder(Set.of("bitcoin", "ethereum", "monero")::contains);
  private final CoinCapDecoder all = new CoinCapDecoder(slug -> true);

  private List<FeedEvent> decode(String frame) {
    return some.decode(frame, NOW);
  }

  private static FeedEvent.Tick price(String slug, String price) {
    return new FeedEvent.Tick(TickKind.PRICE, slug, price, null, null, NOW);
  }

  private static FeedEvent.Rejected onlyReject(List<FeedEvent> events) {
    assertThat(events).hasSize(1).first().isInstanceOf(FeedEvent.Rejected.class);
    return (FeedEvent.Rejected) events.get(0);
  }

  @Test
  void everyPairIsAPriceAtTheTimeOfReceipt() {
    assertThat(
            decode(
                "{\"bitcoin\":\"6389.06534240\",\"ethereum\":\"192.93111286\",\"monero\":\"108\"}"))
        .containsExactly(
            price("bitcoin", "6389.06534240"),
            price("ethereum", "192.93111286"),
            price("monero", "108"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.000000000000000000012345678,0.000000000000000000012345678",
    "18691.82,18691.82",
    "1.5e-12,0.0000000000015",
    "1234567890123456789.0123456789012345678,1234567890123456789.0123456789012345678"
  })
  void aPriceIsExactToItsLastDecimal(String wire, String exact) {
    assertThat(decode("{\"bitcoin\":\"" + wire + "\"}")).containsExactly(price("bitcoin", exact));
  }

  @Test
  void aSlugTwiceInAFrameIsTwoTicks() {
    assertThat(decode("{\"bitcoin\":\"1\",\"bitcoin\":\"1\"}"))
        .containsExactly(price("bitcoin", "1"), price("bitcoin", "1"));
  }

  @Test
  void oneBadPriceIsRejectedAloneWithItsOwnText() {
    List<FeedEvent> events =
        decode(
            "{\"bitcoin\":\"1\", \"ethereum\":\"dear\",\"monero\" : 5 ,\"ethereum\":{\"a\":[1]},"
                + "\"ethereum\":\"1e999999999\",\"dogecoin\":\"0.1\",\"\":\"1\",\"monero\":null,"
                + "\"monero\":\"2\"}");
    assertThat(events).hasSize(9);
    assertThat(events.get(0)).isEqualTo(price("bitcoin", "1"));
    assertThat(events.get(8)).isEqualTo(price("monero", "2"));
    assertThat(events.subList(1, 8))
        .extracting(
            event -> ((FeedEvent.Rejected) event).reason(),
            event -> ((FeedEvent.Rejected) event).input())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                RejectReason.INVALID_DECIMAL, "\"ethereum\":\"dear\""),
            org.assertj.core.groups.Tuple.tuple(RejectReason.WRONG_TYPE, "\"monero\" : 5"),
            org.assertj.core.groups.Tuple.tuple(
                RejectReason.WRONG_TYPE, "\"ethereum\":{\"a\":[1]}"),
            org.assertj.core.groups.Tuple.tuple(
                RejectReason.INVALID_DECIMAL, "\"ethereum\":\"1e999999999\""),
            org.assertj.core.groups.Tuple.tuple(
                RejectReason.UNSUBSCRIBED_SYMBOL, "\"dogecoin\":\"0.1\""),
            org.assertj.core.groups.Tuple.tuple(RejectReason.WRONG_TYPE, "\"\":\"1\""),
            org.assertj.core.groups.Tuple.tuple(RejectReason.WRONG_TYPE, "\"monero\":null"));
  }

  @Test
  void aSubscriptionToEverythingTakesEverySlug() {
    assertThat(all.decode("{\"brand-new\":\"1\"}", NOW)).containsExactly(price("brand-new", "1"));
    assertThat(onlyReject(all.decode("{\"" + "x".repeat(129) + "\":\"1\"}", NOW)).reason())
        .isEqualTo(RejectReason.WRONG_TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00", "\\ud800x"})
  void halfASurrogatePairIsNotJson(String slug) {
    CoinCapDecoder all = new CoinCapDecoder(asset -> true);
    assertThat(onlyReject(all.decode("{\"" + slug + "\":\"1\",\"bitcoin\":\"3\"}", NOW)).reason())
        .isEqualTo(RejectReason.INVALID_JSON);
  }

  @Test
  void theTextUnauthorizedRefusesTheKey() {
    assertThat(decode("Unauthorized")).containsExactly(new FeedEvent.Unauthorized("Unauthorized"));
    assertThat(decode("Unauthorized: bad key \n"))
        .containsExactly(new FeedEvent.Unauthorized("Unauthorized: bad key"));
    assertThat(decode("Unauthorized" + "!".repeat(1_000)))
        .as("not cut before the key is masked")
        .containsExactly(new FeedEvent.Unauthorized("Unauthorized" + "!".repeat(1_000)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|WRONG_TYPE",
        "'[]'|WRONG_TYPE",
        "'\"bitcoin\"'|WRONG_TYPE",
        "'{'|INVALID_JSON",
        "'{\"bitcoin\"'|INVALID_JSON",
        "'{\"bitcoin\":\"1\"'|INVALID_JSON",
        "'{\"bitcoin\":\"1\"}{}'|INVALID_JSON",
        "'{\"bitcoin\":1.}'|INVALID_JSON",
        "'unauthorized'|INVALID_JSON"
      })
  void aFrameThatIsNotAMessageIsRejectedWhole(String frame, RejectReason reason) {
    FeedEvent.Rejected rejected = onlyReject(decode(frame));
    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.input()).isEqualTo(frame);
  }

  @Test
  void bytesThatWereNotUtf8RejectTheFrame() {
    assertThat(onlyReject(decode("{\"bit\uFFFDcoin\":\"1\"}")).reason())
        .isEqualTo(RejectReason.NOT_UTF8);
  }

  @Test
  void nestingTenThousandDeepIsRejected() {
    assertThat(onlyReject(decode("{\"bitcoin\":" + "[".repeat(10_000))).reason())
        .isEqualTo(RejectReason.INVALID_JSON);
    assertThat(onlyReject(decode("{\"a\":".repeat(10_000))).reason())
        .isEqualTo(RejectReason.INVALID_JSON);
  }

  @Test
  void tenMegabytesAreRejected() {
    assertThat(onlyReject(decode("{\"bitcoin\":\"" + "9".repeat(10_000_000))).reason())
        .isEqualTo(RejectReason.INVALID_JSON);
    assertThat(onlyReject(decode("{\"bitcoin\":\"" + "9".repeat(10_000_000) + "\"}")).reason())
        .isEqualTo(RejectReason.INVALID_DECIMAL);
    assertThat(onlyReject(decode("{\"" + "b".repeat(10_000_000) + "\":\"1\"}")).reason())
        .isEqualTo(RejectReason.INVALID_JSON);
  }

  @Test
  void anEmptyObjectHasNoEvents() {
    assertThat(decode("{}")).isEmpty();
  }

  @Test
  void aFrameFullOfGarbageIsBoundedAndItsGoodPricesPass() {
    String frame = "{\"bitcoin\":\"1\"," + "\"\":0,".repeat(200_000) + "\"monero\":\"2\"}";
    List<FeedEvent> events = decode(frame);
    assertThat(events).hasSize(2 + FrameEvents.MAX_REJECTS + 1);
    assertThat(events)
        .filteredOn(FeedEvent.Tick.class::isInstance)
        .containsExactly(price("bitcoin", "1"), price("monero", "2"));
    assertThat(events.get(events.size() - 1))
        .isEqualTo(
            new FeedEvent.Rejected(
                RejectReason.WRONG_TYPE, "199900 more bad entries of one frame", frame));
  }

  @Test
  void assetsWithHalfASurrogatePairAreRejected() {
    // Any half of a surrogate pair would become a question mark in the topic.
    assertThat(onlyReject(all.decode("{\"\\ud800\":\"1\",\"\\ud801\":\"1\"}", NOW)).reason())
        .isEqualTo(RejectReason.INVALID_JSON);
  }

  @Test
  void noTextCausesAnException() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("CoinCapDecoderTest.noTextCausesAnException seed " + seed);
    FrameMutations mutations =
        new FrameMutations(
            seed,
            List.of(
                "{\"bitcoin\":\"18691.82\",\"ethereum\":\"1242.28\"}",
                "{\"bitcoin\":\"6389.06534240\",\"monero\":\"0.000000000000000000123\"}",
                "Unauthorized"));
    DecoderContract ofSome = new DecoderContract(some::decode);
    DecoderContract ofAll = new DecoderContract(all::decode);
    int ticks = 0;
    for (int i = 0; i < 30_000; i++) {
      for (FeedEvent event : (i % 2 == 0 ? ofSome : ofAll).decode(mutations.next())) {
        ticks += event instanceof FeedEvent.Tick ? 1 : 0;
      }
    }
    assertThat(ticks).as("mutations that leave prices whole, seed %d", seed).isGreaterThan(100);
  }

  /** Uses small mutations of frames that the scanner reads, so that it accepts some of them. */
  @Test
  void theScannerAndTheParserGiveTheSameEvents() {
    long seed = Long.getLong("marketstream.seed", 20261129L);
    System.out.println("CoinCapDecoderTest.theScannerAndTheParserGiveTheSameEvents seed " + seed);
    FrameMutations mutations = new FrameMutations(seed, AS_COINCAP_WRITES_THEM);
    AssetNames namesOfSome = new AssetNames(Set.of("bitcoin", "ethereum", "monero")::contains);
    AssetNames namesOfAll = new AssetNames(slug -> true);
    int scanned = 0;
    for (int i = 0; i < 100_000; i++) {
      String frame = mutations.next();
      scanned += isScannedAsParsed(frame, namesOfSome, some, seed) ? 1 : 0;
      scanned += isScannedAsParsed(frame, namesOfAll, all, seed) ? 1 : 0;
    }
    assertThat(scanned).as("frames without a parser, seed %d", seed).isGreaterThan(10_000);
  }

  private static boolean isScannedAsParsed(
      String frame, AssetNames names, CoinCapDecoder decoder, long seed) {
    List<FeedEvent> prices = PriceScanner.scan(frame, names, NOW);
    if (prices != null) {
      assertThat(prices).as("seed %d, %s", seed, frame).isEqualTo(decoder.parse(frame, NOW));
    }
    return prices != null;
  }

  @Test
  void usualFramesNeedNoParser() {
    for (String frame : AS_COINCAP_WRITES_THEM) {
      assertThat(PriceScanner.scan(frame, new AssetNames(slug -> true), NOW))
          .as(frame)
          .isNotNull()
          .isEqualTo(all.parse(frame, NOW));
    }
  }

  private static final List<String> AS_COINCAP_WRITES_THEM =
      List.of(
          "{\"bitcoin\":\"18691.82\"}",
          "{\"bitcoin\":\"6389.06534240\",\"ethereum\":\"192.93111286\",\"monero\":\"108\"}",
          "{\"shiba-inu\":\"0.000000000000000000123\",\"0x\":\"0\",\"bitcoin\":\"10.50\"}",
          "{\"bitcoin\":\"1234567890123456789012345678901234567890\","
              + "\"monero\":\"0.00000000000000000000000000000000000000\"}");

  /** Frames that are broken, partly invalid, or spelled in another way than by CoinCap. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{\"",
        "{\"bitcoin",
        "{\"bitcoin\"",
        "{\"bitcoin\":\"",
        "{\"bitcoin\":\"1",
        "{\"bitcoin\":\"1\"",
        "{\"bitcoin\":\"1\",",
        "{\"bitcoin\":\"1\",\"",
        "{\"bitcoin\":\"1\",}",
        "{\"bitcoin\":\"1\"} ",
        "{\"bitcoin\":\"1\"}{}",
        " {\"bitcoin\":\"1\"}",
        "{ \"bitcoin\":\"1\"}",
        "{\"bitcoin\" :\"1\"}",
        "{\"bitcoin\": \"1\"}",
        "{\"bitcoin\":\"1\", \"monero\":\"1\"}",
        "[\"bitcoin\",\"1\"]",
        "{\"bitcoin\":1}",
        "{\"bitcoin\":null}",
        "{\"bitcoin\":[\"1\"]}",
        "{\"bitcoin\":{\"monero\":\"1\"}}",
        "{\"\":\"1\"}",
        "{\"\\u0062itcoin\":\"1\"}",
        "{\"bit\\coin\":\"1\"}",
        "{\"bit\tcoin\":\"1\"}",
        "{\"bitcöin\":\"1\"}",
        "{\"bit\uD83D\uDE00coin\":\"1\"}",
        "{\"bitcoin\":\"\"}",
        "{\"bitcoin\":\" 1\"}",
        "{\"bitcoin\":\"1 \"}",
        "{\"bitcoin\":\"\\u0031\"}",
        "{\"bitcoin\":\"١\"}",
        "{\"bitcoin\":\"-1\"}",
        "{\"bitcoin\":\"-0\"}",
        "{\"bitcoin\":\"+1\"}",
        "{\"bitcoin\":\"1e2\"}",
        "{\"bitcoin\":\"1E-2\"}",
        "{\"bitcoin\":\"00\"}",
        "{\"bitcoin\":\"01.5\"}",
        "{\"bitcoin\":\"1.\"}",
        "{\"bitcoin\":\".5\"}",
        "{\"bitcoin\":\".\"}",
        "{\"bitcoin\":\"1.5.2\"}",
        "{\"bitcoin\":\"12345678901234567890123456789012345678901\"}",
        "{\"bitcoin\":\"0.00000000000000000000000000000000000000001\"}"
      })
  void everythingElseIsLeftToTheParser(String frame) {
    assertThat(PriceScanner.scan(frame, new AssetNames(slug -> true), NOW)).isNull();
    assertThat(all.decode(frame, NOW)).isEqualTo(all.parse(frame, NOW));
  }

  @Test
  void theParserReadsUnsubscribedOrLongNames() {
    AssetNames bitcoin = new AssetNames("bitcoin"::equals);
    AssetNames everything = new AssetNames(slug -> true);
    assertThat(PriceScanner.scan("{\"bitcoin\":\"1\",\"monero\":\"1\"}", bitcoin, NOW)).isNull();
    String longest = "x".repeat(128);
    assertThat(PriceScanner.scan("{\"" + longest + "\":\"1\"}", everything, NOW))
        .containsExactly(price(longest, "1"));
    assertThat(PriceScanner.scan("{\"" + longest + "x\":\"1\"}", everything, NOW)).isNull();
    String frame = "{" + "\"bitcoin\":\"1\",".repeat(10_000) + "\"bitcoin\":\"1\"}";
    assertThat(PriceScanner.scan(frame, everything, NOW)).isNull();
    assertThat(all.decode(frame, NOW)).hasSize(10_001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\":0,",
        "\"a\":1,",
        "\"a\":\"1\",",
        "\"a\":\"00\",",
        "\"a\":\"1e40\",",
        "\"a\":\"1e-40\",",
        "\"a\":[],"
      })
  void aFrameNeverTakesManyTimesItsSizeInMemory(String entry) {
    DecoderContract contract = new DecoderContract(all::decode);
    for (int entries : new int[] {1, 10, 100, 1_000, 10_000}) {
      contract.decode("{" + entry.repeat(entries) + "\"b\":\"1\"}");
      contract.decode("{" + entry.repeat(entries) + "\"b\":1}");
      contract.decode("{\"b\":\"" + entry.replace('"', '€').repeat(entries) + "\"}");
    }
  }
}
