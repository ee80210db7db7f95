package io.marketstream.spark.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import io.marketstream.spark.record.Tick;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing of ticks: their fields and limits. */
class TickParsingTest extends ParserFixture {
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
  void theTradeOfAVenueKeepsItsIdSideAndOrigin() {
    Tick tick =
        tick(withFields("\"trade_id\":\"1100236127\",\"side\":\"sell\",\"origin\":\"repair\""));

    assertThat(tick.tradeId()).isEqualTo("1100236127");
    assertThat(tick.side()).isEqualTo(TradeSide.SELL);
    assertThat(tick.origin()).isEqualTo(TickOrigin.REPAIR);
    assertThat(tick(withFields("\"trade_id\":null,\"side\":null,\"origin\":null")))
        .isEqualTo(tick(TICK));
    assertThat(tick(withFields("\"trade_id\":\"" + "9".repeat(64) + "\"")).tradeId()).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"trade_id\":7            | WRONG_TYPE    | trade_id",
        "\"trade_id\":\"\\ud800\"    | INVALID_VALUE | trade_id",
        "\"trade_id\":\"1\",\"trade_id\":\"1\" | WRONG_TYPE | trade_id occurs twice",
        "\"side\":\"BUY\"          | INVALID_VALUE | side",
        "\"side\":1                | WRONG_TYPE    | side",
        "\"origin\":\"rest\"       | INVALID_VALUE | origin",
        "\"origin\":[]             | WRONG_TYPE    | origin",
      })
  void aWrongIdSideOrOriginIsRejected(String field, RejectReason reason, String detail) {
    assertRejected(withFields(field), reason, detail);
  }

  @Test
  void aTradeIdOf65CharactersIsRejected() {
    assertRejected(
        withFields("\"trade_id\":\"" + "9".repeat(65) + "\""),
        RejectReason.WRONG_TYPE,
        "trade_id has 65 characters");
  }

  private static String withFields(String fields) {
    return TICK.replace("\"sequence\":3", "\"sequence\":3," + fields);
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

  /** As the JSON converter of Apicurio Registry writes it. */
  @Test
  void theEnvelopeWithTheIdOfASchemaIsReadLikeTheFlatRecord() {
    assertThat(parse("{\"schemaId\":7,\"payload\":" + TICK + "}")).isEqualTo(parse(TICK));
  }

  @Test
  void fieldsOfLaterVersionsAreIgnored() {
    String later = TICK.replace("{\"source\"", "{\"venue\":{\"a\":[1,{\"b\":2}]},\"source\"");

    assertThat(parse(later)).isEqualTo(parse(TICK));
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
  void aTickWithoutARequiredFieldIsRejected(String field) {
    assertRejected(
        TICK.replace("\"" + field + "\"", "\"was_" + field + "\""),
        RejectReason.MISSING_FIELD,
        field);
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
  void anInvalidFieldIsRejected(String right, String wrong, RejectReason reason, String field) {
    assertThat(TICK).contains(right);
    assertRejected(TICK.replace(right, wrong), reason, field);
  }

  @Test
  void oldEventTimesAndThoseWithinTheTolerancePass() {
    assertThat(tick(TICK.replace("1763900000000", "1763900030050")).eventTime())
        .isEqualTo(1_763_900_030_050L);
    assertThat(tick(TICK.replace("1763900000000", "631152000000")).eventTime())
        .isEqualTo(631_152_000_000L);
  }

  @Test
  void aTickWithCharactersOfEveryLengthPasses() {
    assertThat(tick(TICK.replace("AAPL", "é€😀")).symbol()).isEqualTo("é€😀");
  }
}
