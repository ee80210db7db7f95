package io.marketstream.spark.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordParserTest {
  private static final RecordPosition AT = new RecordPosition("market_data", 2, 77);
  private static final RecordPosition GAP_AT = new RecordPosition("market_data_gaps", 0, 5);
  private static final long KAFKA_TIME = 1_763_900_000_999L;

  private static final String TICK =
      """
      {"source":"finnhub","kind":"trade","symbol":"AAPL","price":"164.0601","volume":"5",\
      "conditions":["1","12"],"event_time":1763900000000,"received_at":1763900000050,\
      "session":1763899990000,"sequence":3}""";

  private static final String GAP =
      """
      {"source":"finnhub","symbol":"AAPL","cause":"CONNECTION_LOST","gap_start":1763900002000,\
      "gap_end":1763900009000,"session_before":1763899990000,"session_after":1763900009000,\
      "first_missing":4,"dropped":7,"detail":"connection reset"}""";

  private final RecordParser parser = new RecordParser("market_data_gaps", 30_000);

  @Test
  void aFullTickKeepsEveryField() {
    assertThat(parse(TICK))
        .isEqualTo(
            new Tick(
                AT,
                "finnhub",
                "AAPL",
                TickKind.TRADE,
                "164.0601",
                "5",
                List.of("1", "12"),
                1_763_900_000_000L,
                1_763_900_000_050L,
                1_763_899_990_000L,
                3));
  }

  @Test
  void optionalFieldsOfATickMayBeNullOrAbsent() {
    String nulls =
        TICK.replace("\"volume\":\"5\"", "\"volume\":null")
            .replace("[\"1\",\"12\"]", "null")
            .replace("trade", "price");
    String absent = nulls.replace("\"volume\":null,", "").replace("\"conditions\":null,", "");

    assertThat(tick(nulls)).isEqualTo(tick(absent));
    assertThat(tick(absent).volume()).isNull();
    assertThat(tick(absent).conditions()).isNull();
    assertThat(tick(absent).kind()).isEqualTo(TickKind.PRICE);
  }

  @Test
  void theSchemaEnvelopeIsReadLikeTheFlatRecord() {
    String envelope =
        "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"field\":\"source\"}]},\"payload\":"
            + TICK
            + "}";

    assertThat(parse(envelope)).isEqualTo(parse(TICK));
  }

  @Test
  void fieldsOfLaterVersionsAreIgnored() {
    String later = TICK.replace("{\"source\"", "{\"venue\":{\"a\":[1,{\"b\":2}]},\"source\"");

    assertThat(parse(later)).isEqualTo(parse(TICK));
  }

  @Test
  void aClosedGapKeepsEveryField() {
    assertThat(parseGap(GAP))
        .isEqualTo(
            new Gap(
                GAP_AT,
                "finnhub",
                "AAPL",
                "CONNECTION_LOST",
                1_763_900_002_000L,
                1_763_900_009_000L,
                1_763_899_990_000L,
                1_763_900_009_000L,
                4,
                7L,
                "connection reset"));
  }

  @Test
  void anOpenGapHasNoEnd() {
    Gap gap =
        (Gap)
            parseGap(
                """
                {"source":"coincap","symbol":"*","cause":"STALLED","gap_start":1763900002000,\
                "gap_end":null,"session_before":1763899990000,"first_missing":0,"detail":"silent"}""");

    assertThat(gap.gapEnd()).isNull();
    assertThat(gap.sessionAfter()).isNull();
    assertThat(gap.dropped()).isNull();
    assertThat(gap.symbol()).isEqualTo("*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-37.63",
        "1.50",
        "1e40",
        "1.5E-40",
        "0.000000000000000001",
        "1000000000000",
        "123456789012345678.123456789012",
        "1234567890123456789012345678901234567890",
        "0.0000000000000000000000000000000000000001234567890123456789012345678901234567890",
        "10000000000000000000000000000000000000000"
      })
  void aDecimalWithinTheBoundsKeepsItsDigits(String price) {
    assertThat(tick(TICK.replace("164.0601", price)).price()).isEqualTo(price);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".5",
        "5.",
        "1,5",
        "+1",
        " 1",
        "0x10",
        "NaN",
        "Infinity",
        "1e",
        "1e+",
        "1e5x",
        "1d",
        "\u0661",
        "1e41",
        "1e-41",
        "1e999999999",
        "0e999",
        "12345678901234567890123456789012345678901",
        "0.12345678901234567890123456789012345678901"
      })
  void anAbsurdDecimalIsRejected(String price) {
    assertRejected(TICK.replace("164.0601", price), RejectReason.INVALID_DECIMAL, "price");
  }

  @Test
  void aDecimalOfAMegabyteIsRejectedWithoutMakingANumberOfIt() {
    assertRejected(
        TICK.replace("164.0601", "9".repeat(1_000_000)), RejectReason.INVALID_DECIMAL, "price");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source",
        "kind",
        "symbol",
        "price",
        "event_time",
        "received_at",
        "session",
        "sequence"
      })
  void aTickThatLacksARequiredFieldIsRejected(String field) {
    assertRejected(
        TICK.replace("\"" + field + "\"", "\"was_" + field + "\""),
        RejectReason.MISSING_FIELD,
        field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source",
        "symbol",
        "cause",
        "gap_start",
        "session_before",
        "first_missing",
      })
  void aGapThatLacksARequiredFieldIsRejected(String field) {
    Reject reject = (Reject) parseGap(GAP.replace("\"" + field + "\"", "\"was_" + field + "\""));

    assertThat(reject.reason()).isEqualTo(RejectReason.MISSING_FIELD);
    assertThat(reject.detail()).contains(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"164.0601\"        | 164.0601             | WRONG_TYPE       | price",
        "\"5\"               | 5                    | WRONG_TYPE       | volume",
        "\"5\"               | \"-5\"               | INVALID_VALUE    | volume",
        "[\"1\",\"12\"]      | \"1\"                | WRONG_TYPE       | conditions",
        "[\"1\",\"12\"]      | [1,{\"a\":[2]}]      | WRONG_TYPE       | conditions",
        "[\"1\",\"12\"]      | [null]               | WRONG_TYPE       | conditions",
        "\"trade\"           | \"TRADE\"            | INVALID_VALUE    | kind",
        "\"trade\"           | {}                   | WRONG_TYPE       | kind",
        "\"AAPL\"            | \" \"                | INVALID_VALUE    | symbol",
        "\"AAPL\"            | \"a\\ud800b\"        | INVALID_VALUE    | symbol",
        "\"finnhub\"         | \"Finnhub\"          | INVALID_VALUE    | source",
        "\"finnhub\"         | \"finn hub\"         | INVALID_VALUE    | source",
        "\"finnhub\"         | \"\"                 | INVALID_VALUE    | source",
        "1763900000000       | \"1763900000000\"    | WRONG_TYPE       | event_time",
        "1763900000000       | 1763900000000.5      | WRONG_TYPE       | event_time",
        "1763900000000       | 631151999999         | IMPLAUSIBLE_TIME | event_time",
        "1763900000000       | 1763900030051        | IMPLAUSIBLE_TIME | event_time",
        "1763900000050       | 9223372036854775807  | IMPLAUSIBLE_TIME | received_at",
        "1763900000050       | 92233720368547758070 | INVALID_VALUE    | received_at",
        "\"sequence\":3      | \"sequence\":-1      | INVALID_VALUE    | sequence",
        "\"sequence\":3      | \"sequence\":true    | WRONG_TYPE       | sequence",
        "\"sequence\":3      | \"sequence\":3,\"sequence\":4 | WRONG_TYPE | sequence",
      })
  void aFieldThatIsNotWhatTheContractSaysIsRejected(
      String right, String wrong, RejectReason reason, String field) {
    assertThat(TICK).contains(right);
    assertRejected(TICK.replace(right, wrong), reason, field);
  }

  @Test
  void anEventTimeJustWithinTheToleranceAndOneFromLongAgoPass() {
    assertThat(tick(TICK.replace("1763900000000", "1763900030050")).eventTime())
        .isEqualTo(1_763_900_030_050L);
    assertThat(tick(TICK.replace("1763900000000", "631152000000")).eventTime())
        .isEqualTo(631_152_000_000L);
  }

  @Test
  void textThatIsNoSingleJsonObjectIsRejected() {
    for (String text :
        List.of(
            "",
            "not json",
            "null",
            "42",
            "[]",
            "{\"a\":1",
            TICK + TICK,
            TICK + "x",
            TICK.substring(0, TICK.length() - 1),
            "[".repeat(10_000),
            "{\"a\":".repeat(10_000))) {
      assertRejected(text, RejectReason.INVALID_JSON, "");
    }
  }

  @Test
  void aTombstoneIsRejectedWithEmptyInput() {
    Reject reject = (Reject) parser.parse(AT, null, KAFKA_TIME);

    assertThat(reject.reason()).isEqualTo(RejectReason.TOMBSTONE);
    assertThat(reject.input()).isEmpty();
    assertThat(reject.at().origin()).isEqualTo("market_data-2-77");
  }

  @Test
  void aRejectCarriesWhatTheRecordStillTells() {
    Reject reject = (Reject) parse(TICK.replace("\"164.0601\"", "164.0601"));

    assertThat(reject.source()).isEqualTo("finnhub");
    assertThat(reject.receivedAt()).isEqualTo(1_763_900_000_050L);
    assertThat(reject.session()).isEqualTo(1_763_899_990_000L);
    assertThat(reject.input()).contains("164.0601");
  }

  @Test
  void aRejectOfAnUnreadableRecordTakesItsKafkaTimeAndAnUnknownSource() {
    Reject reject = (Reject) parse("not json");

    assertThat(reject.source()).isEqualTo("unknown");
    assertThat(reject.receivedAt()).isEqualTo(KAFKA_TIME);
    assertThat(reject.session()).isNull();
  }

  @Test
  void theInputOfARejectIsCutBetweenTwoCharacters() {
    // 1 + 3n bytes: the limit of 65,536 falls into the middle of a character.
    String text = "x€".replace("€", "€".repeat(40_000));

    String input = ((Reject) parse(text)).input();

    byte[] kept = input.getBytes(StandardCharsets.UTF_8);
    assertThat(text).startsWith(input);
    assertThat(kept.length)
        .isBetween(RecordParser.MAX_INPUT_BYTES - 2, RecordParser.MAX_INPUT_BYTES);
  }

  /**
   * What a JSON parser takes for UTF-16 or UTF-32 text, among it the frames of schema registries.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 00 00 00 01 0e 66 69", // Avro or Protobuf with schema id 1
        "00 00 00 00 2a 0e 66 69",
        "00 00 00 01 2c 0e 66 69",
        "00 00 00 ff ff 0e 66 69",
        "00 00 01 86 a0 0e 66 69", // schema id 100,000
        "00 7b 00 00 00 22 00 61",
        "00 00 7b 00 22 00 61 00",
        "00 7b",
        "7b 00",
        "7b 00 00 00 7d 00 00 00",
        "ff fe 00 00 7b 00 00 00",
        "fe ff 00 00 00 7b 00 00",
        "00 00 ff fe 00 00 7b 00",
        "00 00 fe ff 00 00 00 7b",
        "00",
        "ff",
        "0a 07 66 69 6e 6e 68 75 62", // Protobuf without a frame
        "93 01 02 03", // MessagePack
      })
  void aBinaryValueIsRejectedAndKeptByteForByte(String hex) {
    byte[] value = HexFormat.ofDelimiter(" ").parseHex(hex);

    Reject reject = reject(value);

    assertThat(reject.reason()).isEqualTo(RejectReason.INVALID_JSON);
    assertThat(reject.source()).isEqualTo("unknown");
    assertThat(reject.encoding()).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(reject.input())).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE"})
  void aTickInAnotherEncodingIsRejected(String encoding) {
    byte[] value = TICK.getBytes(Charset.forName(encoding));

    Reject reject = reject(value);

    assertThat(reject.reason()).isEqualTo(RejectReason.INVALID_JSON);
    assertThat(Base64.getDecoder().decode(reject.input())).isEqualTo(value);
  }

  /** Two spellings of one character would make one symbol of two, or the other way round. */
  @ParameterizedTest
  @CsvSource({
    "c1 81, an overlong A",
    "c0 80, an overlong NUL",
    "ed a0 80, half a surrogate pair",
    "80, a byte that continues nothing",
    "e2 82, a character cut off",
    "f5 80 80 80, beyond Unicode",
    "e9, ISO 8859-1"
  })
  void aTickThatIsNotValidUtf8IsRejectedWithItsSource(String hex, String what) {
    byte[] symbol = HexFormat.ofDelimiter(" ").parseHex(hex);
    byte[] good = TICK.getBytes(StandardCharsets.UTF_8);
    int at = TICK.indexOf("AAPL");
    byte[] value = new byte[good.length + symbol.length];
    System.arraycopy(good, 0, value, 0, at);
    System.arraycopy(symbol, 0, value, at, symbol.length);
    System.arraycopy(good, at, value, at + symbol.length, good.length - at);

    Reject reject = reject(value);

    assertThat(reject.reason()).as(what).isEqualTo(RejectReason.INVALID_JSON);
    assertThat(reject.source()).as(what).isEqualTo("finnhub");
    assertThat(reject.encoding()).as(what).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(reject.input())).as(what).isEqualTo(value);
  }

  @Test
  void aTickWithCharactersOfEveryLengthPasses() {
    assertThat(tick(TICK.replace("AAPL", "é€😀")).symbol()).isEqualTo("é€😀");
  }

  @Test
  void readableTextIsKeptAsText() {
    Reject reject = (Reject) parse("not\r\n\tjson é€😀");

    assertThat(reject.input()).isEqualTo("not\r\n\tjson é€😀");
    assertThat(reject.encoding()).isNull();
  }

  @Test
  void aLongBinaryValueIsCut() {
    byte[] value = new byte[RecordParser.MAX_INPUT_BYTES + 1];

    Reject reject = reject(value);

    assertThat(Base64.getDecoder().decode(reject.input())).hasSize(RecordParser.MAX_INPUT_BYTES);
  }

  @Test
  void aMillionRandomValuesAreRejectedAndNoneThrows() {
    long seed = Long.getLong("marketstream.seed", 20261128L);
    System.out.println("aMillionRandomValuesAreRejectedAndNoneThrows seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 1_000_000; round++) {
      byte[] value = new byte[random.nextInt(65)];
      random.nextBytes(value);
      if (random.nextBoolean()) {
        Arrays.fill(value, 0, Math.min(value.length, 1 + random.nextInt(4)), (byte) 0);
      }
      MarketRecord record = parser.parse(AT, value, KAFKA_TIME);
      // Not assertThat() a million times: it would take most of the time.
      if (!(record instanceof Reject reject) || reject.reason() != RejectReason.INVALID_JSON) {
        throw new AssertionError(
            "seed " + seed + " round " + round + ": " + HexFormat.of().formatHex(value));
      }
    }
  }

  @Test
  void damagedTicksAreTicksOrRejectsAndNoneThrows() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("damagedTicksAreTicksOrRejectsAndNoneThrows seed " + seed);
    Random random = new Random(seed);
    byte[] good = TICK.getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int flips = random.nextInt(4) + 1; flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      MarketRecord record = parser.parse(AT, bytes, KAFKA_TIME);
      assertThat(record)
          .as("seed %d round %d", seed, round)
          .isInstanceOfAny(Tick.class, Reject.class);
      if (record instanceof Reject reject) {
        assertThat(reject.reason())
            .as("seed %d round %d", seed, round)
            .isNotEqualTo(RejectReason.INTERNAL_ERROR);
      }
    }
  }

  @Test
  void aFailureThatNobodyForesawIsARejectWithItsOrigin() {
    for (Throwable defect : List.of(new IllegalStateException("boom"), new StackOverflowError())) {
      JsonObjectReader failing =
          new JsonObjectReader() {
            @Override
            void read(byte[] value, Fields fields) {
              if (defect instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) defect;
            }
          };
      RecordParser broken = new RecordParser("market_data_gaps", 30_000, failing);

      Reject reject = (Reject) broken.parse(AT, TICK.getBytes(StandardCharsets.UTF_8), KAFKA_TIME);

      assertThat(reject.reason()).isEqualTo(RejectReason.INTERNAL_ERROR);
      assertThat(reject.detail()).isEqualTo(defect.toString());
      assertThat(reject.at()).isEqualTo(AT);
      assertThat(reject.input()).isEqualTo(TICK);
      assertThat(reject.receivedAt()).isEqualTo(KAFKA_TIME);
    }
  }

  @Test
  void theDetailOfAGapIsCutToWhatARowTakes() {
    Gap gap = (Gap) parseGap(GAP.replace("connection reset", "😀".repeat(1_000_000)));

    assertThat(gap.detail()).isEqualTo("😀".repeat(4096));
  }

  private Reject reject(byte[] value) {
    return (Reject) parser.parse(AT, value, KAFKA_TIME);
  }

  private MarketRecord parse(String json) {
    return parser.parse(AT, json.getBytes(StandardCharsets.UTF_8), KAFKA_TIME);
  }

  private MarketRecord parseGap(String json) {
    return parser.parse(GAP_AT, json.getBytes(StandardCharsets.UTF_8), KAFKA_TIME);
  }

  private Tick tick(String json) {
    MarketRecord record = parse(json);
    assertThat(record).isInstanceOf(Tick.class);
    return (Tick) record;
  }

  private void assertRejected(String json, RejectReason reason, String detail) {
    MarketRecord record = parse(json);
    assertThat(record).as(json.length() > 300 ? "long input" : json).isInstanceOf(Reject.class);
    Reject reject = (Reject) record;
    assertThat(reject.reason()).as(reject.detail()).isEqualTo(reason);
    assertThat(reject.detail()).contains(detail);
  }
}
