package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
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
  void allErrorsAreReportedOnTheirFields() {
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
  void aMisspelledKeyIsAnsweredWithTheValidOnes() {
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
  void oneTopicForTwoKindsOfRecordIsRefused() {
    assertThat(
            errors(
                Map.of(
                    "finnhub.token", "t", "finnhub.symbols", "AAPL", "gaps.topic", "market_data")))
        .containsOnlyKeys("gaps.topic")
        .containsEntry("gaps.topic", List.of("gaps.topic: must be another topic than topic"));
  }

  @Test
  void anUnresolvedReferenceIsRefused() {
    assertThat(errors(Map.of("finnhub.token", "${env:FINNHUB_TOKEN}", "finnhub.symbols", "AAPL")))
        .containsOnlyKeys("finnhub.token");
  }

  @Test
  void contradictingKeysAreErrors() {
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

  private static Map<String, List<String>> errorsBeside(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("finnhub.token", "t");
    properties.put("finnhub.symbols", "AAPL");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return errors(properties);
  }

  @Test
  void proxyUserNeedsPasswordAndProxy() {
    assertThat(errorsBeside("proxy.user", "u"))
        .containsOnlyKeys("proxy.url", "proxy.password")
        .containsEntry(
            "proxy.password", List.of("proxy.password: must be set together with proxy.user"));
    assertThat(errorsBeside("proxy.user", "u", "proxy.url", "http://p:1", "proxy.password", ""))
        .containsOnlyKeys("proxy.password");
    assertThat(errorsBeside("proxy.url", "http://p:1", "proxy.password", "s3cret"))
        .containsOnlyKeys("proxy.user");
    assertThat(errorsBeside("proxy.url", "p:1", "proxy.user", "u", "proxy.password", "s3cret"))
        .containsOnlyKeys("proxy.url");
    assertThat(errorsBeside("proxy.url", "http://p:1")).isEmpty();
    assertThat(errorsBeside("proxy.url", "http://p:1", "proxy.user", "u", "proxy.password", "s"))
        .isEmpty();
  }

  @Test
  void truststorePasswordNeedsItsFile() {
    assertThat(errorsBeside("ssl.truststore.password", "s3cret"))
        .containsOnlyKeys("ssl.truststore.location");
    assertThat(
            errorsBeside(
                "ssl.truststore.location", "/not/here.pem",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.password", "s3cret"))
        .containsOnlyKeys("ssl.truststore.password");
    assertThat(errorsBeside("ssl.truststore.type", "pem").get("ssl.truststore.type"))
        .singleElement()
        .asString()
        .contains("JKS, PKCS12, PEM");
    assertThat(errorsBeside("ssl.truststore.location", "/not/here.jks")).isEmpty();
  }

  @Test
  void theSmallestConfigurationIsValid() {
    assertThat(errors(Map.of("finnhub.token", "t", "finnhub.symbols", "AAPL,IC MARKETS:1")))
        .isEmpty();
  }
}
