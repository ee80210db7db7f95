package io.marketstream.pipeline.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.pipeline.TestStack;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The answers of {@code PUT /connector-plugins/…/config/validate}: all errors, each on its field.
 */
@Tag("connect")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedCluster.class)
class ValidationIT {

  private final TestStack stack;

  ValidationIT(TestStack stack) {
    this.stack = stack;
  }

  /** Returns the error messages by field. */
  private Map<String, String> errors(String plugin, ObjectNode config) {
    JsonNode answer =
        stack
            .connect
            .rest()
            .call("PUT", "/connector-plugins/" + plugin + "/config/validate", config.toString());
    Map<String, String> errors = new HashMap<>();
    for (JsonNode entry : answer.get("configs")) {
      JsonNode value = entry.get("value");
      if (!value.get("errors").isEmpty()) {
        errors.put(value.get("name").asText(), value.get("errors").toString());
      }
    }
    assertThat(answer.get("error_count").asInt()).isGreaterThanOrEqualTo(errors.size());
    return errors;
  }

  @Test
  void theShippedConfigurationsHaveNoError() {
    try (FinnhubSimulator finnhub = FinnhubSimulator.builder().start();
        CoinCapSimulator coincap = CoinCapSimulator.builder().start()) {
      assertThat(
              errors(
                  "FinnhubSourceConnector",
                  named(TestConnector.finnhub(stack, finnhub, "AAPL", "IC MARKETS:1"))))
          .isEmpty();
      assertThat(
              errors("CoinCapSourceConnector", named(TestConnector.coincap(stack, coincap, "ALL"))))
          .isEmpty();
      assertThat(finnhub.handshakeCount() + coincap.handshakeCount())
          .as("validation does not use the network")
          .isZero();
    }
  }

  private static ObjectNode named(TestConnector connector) {
    return connector.with("name", connector.name).config;
  }

  @Test
  void allErrorsAreReportedOnTheirFields() {
    try (FinnhubSimulator finnhub = FinnhubSimulator.builder().start()) {
      TestConnector connector =
          TestConnector.finnhub(stack, finnhub, "aapl")
              .with("finnhub.token", "${env:FINNHUB_TOKEN_THAT_NOBODY_SET}")
              .with("finnhub.websocket.url", "wss://ws.finnhub.io?token=abcdef")
              .with("finnhub.symbol", "MSFT")
              .with("source.name", "Finnhub!")
              .with("topic", "no spaces")
              .with("idle.timeout.ms", "soon")
              .with("reconnect.backoff.ms", "0")
              .with("buffer.overflow.policy", "explode");

      Map<String, String> errors = errors("FinnhubSourceConnector", named(connector));

      assertThat(errors)
          .containsOnlyKeys(
              "finnhub.token",
              "finnhub.symbols",
              "finnhub.websocket.url",
              "finnhub.symbol",
              "source.name",
              "topic",
              "idle.timeout.ms",
              "reconnect.backoff.ms",
              "buffer.overflow.policy");
      assertThat(errors.get("finnhub.token")).contains("did not resolve");
      assertThat(errors.get("finnhub.symbols")).contains("AAPL");
      assertThat(errors.get("finnhub.websocket.url")).doesNotContain("abcdef");
      assertThat(errors.get("finnhub.symbol"))
          .contains("is not a key of this connector", "finnhub.symbols");
      assertThat(errors.get("buffer.overflow.policy")).contains("block", "drop_oldest");
      assertThat(errors.get("source.name")).contains("lower-case letters, digits and hyphens");
    }
  }

  @Test
  void creatingWithErrorsIsRefusedWithAllOfThem() {
    try (CoinCapSimulator coincap = CoinCapSimulator.builder().start()) {
      TestConnector connector =
          TestConnector.coincap(stack, coincap, "").with("coincap.api.key", "");

      assertThatThrownBy(connector::put)
          .isInstanceOfSatisfying(
              ConnectRestException.class, refusal -> assertThat(refusal.status()).isEqualTo(400))
          .hasMessageContaining("2 error(s)")
          .hasMessageContaining("coincap.api.key")
          .hasMessageContaining("coincap.assets");
    }
  }

  @Test
  void thePluginsCarryTheVersionOfTheBuild() {
    JsonNode plugins = stack.connect.rest().call("GET", "/connector-plugins", null);
    assertThat(plugins)
        .filteredOn(plugin -> plugin.get("class").asText().startsWith("io.marketstream."))
        .extracting(
            plugin -> plugin.get("class").asText(), plugin -> plugin.get("version").asText())
        .containsExactlyInAnyOrder(
            tuple(
                "io.marketstream.finnhub.FinnhubSourceConnector",
                System.getProperty("marketstream.version")),
            tuple(
                "io.marketstream.coincap.CoinCapSourceConnector",
                System.getProperty("marketstream.version")),
            tuple(
                "io.marketstream.coinbase.CoinbaseSourceConnector",
                System.getProperty("marketstream.version")));
  }
}
