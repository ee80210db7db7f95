package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;

class FinnhubValidationTest {

  private static Map<String, List<String>> errors(Map<String, String> properties) {
    return new FinnhubSourceConnector()
        .validate(properties).configValues().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
  }

  @Test
  void everyErrorStandsOnItsOwnFieldAllAtOnce() {
    Map<String, List<String>> errors =
        errors(
            Map.of(
                "finnhub.symbols", "AAPL,aapl",
                "finnhub.websocket.url", "wss://ws.finnhub.io?token=abc",
                "source.name", "Finnhub",
                "buffer.max.records", "0",
                "finnhub.tokn", "abc"));
    assertThat(errors)
        .containsOnlyKeys(
            "finnhub.token",
            "finnhub.symbols",
            "finnhub.websocket.url",
            "source.name",
            "buffer.max.records",
            "finnhub.tokn");
    assertThat(errors.get("finnhub.symbols"))
        .singleElement()
        .asString()
        .contains("did you mean 'AAPL'?");
    assertThat(errors.toString()).doesNotContain("abc");
  }

  @Test
  void aMisspelledKeyIsAnsweredWithThoseThatExist() {
    assertThat(
            errors(
                    Map.of(
                        "finnhub.token", "t", "finnhub.symbols", "AAPL", "finnhub.symbol", "AAPL"))
                .get("finnhub.symbol"))
        .singleElement()
        .asString()
        .contains("finnhub.symbols");
  }

  @Test
  void anUnresolvedReferenceIsRefused() {
    assertThat(errors(Map.of("finnhub.token", "${env:FINNHUB_TOKEN}", "finnhub.symbols", "AAPL")))
        .containsOnlyKeys("finnhub.token");
  }

  @Test
  void keysThatContradictEachOtherAreErrorsWhereBothAreValid() {
    assertThat(
            errors(
                Map.of(
                    "finnhub.token", "t",
                    "finnhub.symbols", "AAPL",
                    "ping.interval.ms", "5000",
                    "buffer.block.ms", "5000",
                    "reconnect.backoff.ms", "2000",
                    "reconnect.backoff.max.ms", "1000")))
        .containsOnlyKeys("buffer.block.ms", "reconnect.backoff.max.ms");
    assertThat(
            errors(
                Map.of(
                    "finnhub.token", "t",
                    "finnhub.symbols", "AAPL",
                    "ping.interval.ms", "-1",
                    "buffer.block.ms", "5000")))
        .containsOnlyKeys("ping.interval.ms");
  }

  @Test
  void theSmallestConfigurationIsValid() {
    assertThat(errors(Map.of("finnhub.token", "t", "finnhub.symbols", "AAPL,IC MARKETS:1")))
        .isEmpty();
  }
}
