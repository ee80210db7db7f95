package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {
  private static final String TICK =
      "{\"source\":\"finnhub\",\"kind\":\"trade\",\"symbol\":\"AAPL\",\"price\":\"1.50\","
          + "\"volume\":\"0.00008\",\"conditions\":[\"1\",\"12\"],\"event_time\":5,"
          + "\"received_at\":6,\"session\":7,\"sequence\":8}";

  @ParameterizedTest
  @ValueSource(strings = {TICK, "{\"schema\":{\"type\":\"struct\"},\"payload\":" + TICK + "}"})
  void aTickIsReadWithItsSchemaOrWithout(String text) {
    JsonNode record = parse(text);

    assertThat(RecordJson.key(record)).contains(new SymbolKey("finnhub", "AAPL"));
    assertThat(RecordJson.tick(record))
        .contains(
            new Tick(
                new TickId(7, 8),
                5,
                6,
                "trade",
                new BigDecimal("1.50"),
                new BigDecimal("0.00008"),
                List.of("1", "12")));
  }

  @Test
  void theTradeOfAVenueIsReadWithItsIdSideAndOrigin() {
    String text =
        TICK.replace(
            "\"sequence\":8",
            "\"sequence\":8,\"trade_id\":\"9\",\"side\":\"buy\",\"origin\":\"repair\"");
    Tick tick = RecordJson.tick(parse(text)).orElseThrow();

    assertThat(tick.tradeId()).isEqualTo("9");
    assertThat(tick.side()).isEqualTo("buy");
    assertThat(tick.isRepair()).isTrue();
    String nulls = text.replace("\"9\"", "null").replace("\"buy\"", "null");
    assertThat(RecordJson.tick(parse(nulls.replace("\"repair\"", "null"))))
        .isEqualTo(RecordJson.tick(parse(TICK)));
  }

  @Test
  void aGapIsReadWithTheIdsOfItsTrades() {
    Gap gap =
        RecordJson.gap(
                parse(
                    "{\"symbol\":\"A\",\"cause\":\"VENUE_DROPPED\",\"gap_start\":1,"
                        + "\"session_before\":2,\"first_missing\":3,\"first_missing_id\":\"4\","
                        + "\"last_missing_id\":\"5\",\"repaired_at\":6}"))
            .orElseThrow();

    assertThat(gap)
        .isEqualTo(new Gap("A", "VENUE_DROPPED", 1, null, 2, null, 3, null, "4", "5", 6L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "no JSON", "{\"source\":\"finnhub\",\"price\":1}"})
  void anythingElseIsNotATick(String text) {
    assertThat(RecordJson.tick(parse(text))).isEmpty();
    assertThat(RecordJson.tick(RecordJson.parse(null))).isEmpty();
  }

  @Test
  void aRejectOfTheJobNamesItsTickAndItsPlace() {
    JsonNode reject =
        parse(
            "{\"source\":\"finnhub\",\"reason\":\"EVENT_TIME\",\"detail\":\"d\",\"input\":\""
                + TICK.replace("\"", "\\\"")
                + "\",\"received_at\":6,\"session\":7,\"origin\":\"market_data-3-42\"}");

    assertThat(reject(reject))
        .contains(
            new Reject(
                "AAPL",
                new TickId(7, 8),
                5L,
                new RecordPosition("market_data", 3, 42),
                "EVENT_TIME",
                "d",
                true));
    assertThat(reject(parse("{\"source\":\"finnhub\",\"reason\":\"x\"}")))
        .as("of a connector")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32"})
  void aTickInAnotherEncodingIsNotATick(String encoding) {
    assertThat(RecordJson.parse(TICK.getBytes(Charset.forName(encoding))).isMissingNode()).isTrue();
  }

  @Test
  void invalidUtf8IsNotATick() {
    byte[] value = TICK.replace("AAPL", "A?PL").getBytes(StandardCharsets.UTF_8);
    value[TICK.indexOf("AAPL") + 1] = (byte) 0xE9;

    assertThat(RecordJson.parse(value).isMissingNode()).isTrue();
  }

  @Test
  void aRejectedBase64ValueNamesItsTickIfReadable() {
    byte[] value = TICK.getBytes(StandardCharsets.UTF_8);
    value[TICK.indexOf("trade")] = (byte) 0xFF;

    JsonNode reject =
        parse(
            "{\"source\":\"finnhub\",\"reason\":\"INVALID_JSON\",\"detail\":\"d\",\"input\":\""
                + Base64.getEncoder().encodeToString(value)
                + "\",\"encoding\":\"base64\",\"origin\":\"market_data-3-42\"}");

    assertThat(reject(reject).orElseThrow().id()).isEqualTo(new TickId(7, 8));
    assertThat(reject(parse("{\"input\":\"!\",\"encoding\":\"base64\",\"origin\":\"t-0-1\"}")))
        .as("an input that is not base64")
        .isPresent();
  }

  private static Optional<Reject> reject(JsonNode record) {
    return RecordJson.reject(record, new RejectCheck(OptionalLong.empty()), "market_data_gaps");
  }

  private static JsonNode parse(String text) {
    return RecordJson.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
