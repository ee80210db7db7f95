package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.ConnectorContract;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoinCapSourceConfigTest extends ConnectorContract {

  CoinCapSourceConfigTest() {
    super("coincap", "coincap.api.key", "coincap.assets");
  }

  @Override
  protected SourceConnector connector() {
    return new CoinCapSourceConnector();
  }

  @Override
  protected SourceTask task() {
    return new CoinCapSourceTask();
  }

  @Override
  protected AbstractConfig config(Map<String, String> properties) {
    return new CoinCapSourceConfig(properties);
  }

  @Override
  protected String validSymbols() {
    return "bitcoin, usd-coin";
  }

  @Override
  protected Map<String, Object> ownDefaults() {
    return Map.of(
        "coincap.websocket.url", "wss://wss.coincap.io/prices",
        "idle.timeout.ms", 60_000L,
        "ping.interval.ms", 10_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|at least one asset",
        "bitcoin,,monero|two commas in a row",
        "Bitcoin|did you mean 'bitcoin'?",
        "all|write only ALL",
        "All|write only ALL",
        "[bitcoin,monero]|brackets or quotes",
        "[\"bitcoin\"]|brackets or quotes",
        "bitcoin;monero|with a comma",
        "bitcoin monero|is not a slug",
        "'bitcoin\nmonero'|line break",
        "bitcoin,\u00A0monero|U+00A0",
        "\uFEFFALL|U+FEFF",
        "${file:/etc/assets.properties:assets}|did not resolve",
        "bitcoin,a&b|is not a slug",
        "ALL,bitcoin|ALL must be the only value",
        "bitcoin,bitcoin|names 'bitcoin' twice"
      })
  void invalidListIsExplained(String list, String words) {
    assertOnlyError("coincap.assets", list, words);
  }

  @Test
  void urlWithCredentialIsRefusedWithoutRepeatingIt() {
    Map<String, String> properties = minimal();
    properties.put("coincap.websocket.url", "wss://host/?assets=bitcoin");
    assertThat(errors(properties).get("coincap.websocket.url").toString())
        .contains("set them in coincap.assets");
    properties.put("coincap.websocket.url", "wss://host/?apiKey=s3cret");
    assertThat(errors(properties)).containsOnlyKeys("coincap.websocket.url");
    assertThat(errors(properties).toString()).doesNotContain("s3cret");
  }
}
