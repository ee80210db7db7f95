package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoinCapSourceConfigTest {

  private static final Object REQUIRED = ConfigDef.NO_DEFAULT_VALUE;

  private static final Map<String, Object> DEFAULTS = defaults();

  private static Map<String, Object> defaults() {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put("coincap.api.key", REQUIRED);
    defaults.put("coincap.assets", REQUIRED);
    defaults.put("coincap.websocket.url", "wss://wss.coincap.io/prices");
    defaults.put("idle.timeout.ms", 60_000L);
    defaults.put("ping.interval.ms", 10_000L);
    defaults.put("topic", "market_data");
    defaults.put("gaps.topic", "market_data_gaps");
    defaults.put("rejected.topic", "market_data_rejected");
    defaults.put("heartbeats.topic", "market_data_heartbeats");
    defaults.put("heartbeat.interval.ms", 10_000L);
    defaults.put("source.name", "coincap");
    defaults.put("connect.timeout.ms", 10_000L);
    defaults.put("reconnect.backoff.ms", 1_000L);
    defaults.put("reconnect.backoff.max.ms", 60_000L);
    defaults.put("reconnect.stable.ms", 30_000L);
    defaults.put("rate.limit.backoff.ms", 300_000L);
    defaults.put("buffer.max.records", 50_000);
    defaults.put("buffer.overflow.policy", "block");
    defaults.put("buffer.block.ms", 5_000L);
    defaults.put("frame.max.bytes", 1_048_576);
    defaults.put("feed.delay.warn.ms", 60_000L);
    defaults.put("tick.silence.ms", 0L);
    defaults.put("standstill.ms", 38_000L);
    defaults.put("standstill.settling.ms", 25_000L);
    defaults.put("proxy.url", "");
    defaults.put("proxy.user", "");
    defaults.put("proxy.password", null);
    defaults.put("ssl.truststore.location", "");
    defaults.put("ssl.truststore.type", "JKS");
    defaults.put("ssl.truststore.password", null);
    return defaults;
  }

  private final CoinCapSourceConnector connector = new CoinCapSourceConnector();

  private static Map<String, String> minimal() {
    Map<String, String> properties = new HashMap<>();
    properties.put("coincap.api.key", "s3cret");
    properties.put("coincap.assets", "bitcoin, usd-coin");
    return properties;
  }

  private Map<String, List<String>> errors(Map<String, String> properties) {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : connector.validate(properties).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }

  @Test
  void everyKeyOfTheContractHasItsDefault() {
    Map<String, Object> actual = new HashMap<>();
    connector.config().configKeys().forEach((name, key) -> actual.put(name, key.defaultValue));
    assertThat(actual).isEqualTo(DEFAULTS);
  }

  @Test
  void everyKeyIsDocumentedForTheFormOfAConsole() {
    Map<String, Set<Integer>> orders = new HashMap<>();
    connector
        .config()
        .configKeys()
        .forEach(
            (name, key) -> {
              assertThat(key.group).as(name).isNotBlank();
              assertThat(key.documentation).as(name).hasSizeGreaterThan(15).endsWith(".");
              assertThat(key.displayName).as(name).isNotBlank().isNotEqualTo(name);
              assertThat(key.width).as(name).isNotIn(null, ConfigDef.Width.NONE);
              assertThat(key.validator).as(name).isNotNull();
              assertThat(key.validator.toString()).as(name).doesNotContain("@");
              assertThat(
                      orders
                          .computeIfAbsent(key.group, group -> new HashSet<>())
                          .add(key.orderInGroup))
                  .as("order of %s is its own within %s", name, key.group)
                  .isTrue();
            });
  }

  @Test
  void theCredentialIsAPassword() {
    assertThat(connector.config().configKeys().get("coincap.api.key").type)
        .isEqualTo(Type.PASSWORD);
    assertThat(new CoinCapSourceConfig(minimal()).toString()).doesNotContain("s3cret");
    assertThat(new CoinCapSourceConfig(minimal()).values().toString()).doesNotContain("s3cret");
  }

  @Test
  void theMinimalConfigurationIsValid() {
    assertThat(errors(minimal())).isEmpty();
  }

  @Test
  void everyErrorStandsAtItsOwnKeyAndAllAtOnce() {
    Map<String, String> wrong = new HashMap<>();
    wrong.put("topic", "a b");
    wrong.put("source.name", "Upper");
    wrong.put("buffer.overflow.policy", "forget");
    wrong.put("idle.timeout.ms", "soon");
    wrong.put("frame.max.bytes", "1");
    assertThat(errors(wrong).keySet())
        .containsExactlyInAnyOrder(
            "coincap.api.key",
            "coincap.assets",
            "topic",
            "source.name",
            "buffer.overflow.policy",
            "idle.timeout.ms",
            "frame.max.bytes");
    assertThat(errors(wrong).get("buffer.overflow.policy").toString())
        .contains("block", "drop_oldest");
  }

  @ParameterizedTest
  @CsvSource({
    "connect.timeout.ms,99",
    "idle.timeout.ms,99",
    "idle.timeout.ms,86400001",
    "ping.interval.ms,-1",
    "ping.interval.ms,3600001",
    "reconnect.backoff.ms,0",
    "reconnect.backoff.max.ms,0",
    "reconnect.stable.ms,86400001",
    "rate.limit.backoff.ms,9300000000000000",
    "buffer.max.records,0",
    "buffer.block.ms,3600001",
    "buffer.block.ms,9300000000000000"
  })
  void aNumberThatTheTaskCouldNotUseIsRefusedWithTheRange(String key, String value) {
    Map<String, String> properties = minimal();
    properties.put(key, value);
    assertThat(errors(properties)).containsOnlyKeys(key);
    assertThat(errors(properties).get(key).toString()).contains("Value must be");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|at least one asset",
        "bitcoin,,monero|two commas in a row",
        "Bitcoin|did you mean 'bitcoin'?",
        "all|write ALL",
        "All|write ALL",
        "[bitcoin,monero]|brackets or quotes",
        "[\"bitcoin\"]|brackets or quotes",
        "bitcoin;monero|with a comma",
        "bitcoin monero|is no slug",
        "'bitcoin\nmonero'|line break",
        "bitcoin,\u00A0monero|U+00A0",
        "\uFEFFALL|U+FEFF",
        "${file:/etc/assets.properties:assets}|did not resolve",
        "bitcoin,a&b|is no slug",
        "ALL,bitcoin|ALL stands alone",
        "bitcoin,bitcoin|names 'bitcoin' twice"
      })
  void whatIsWrongWithTheListIsSaid(String list, String words) {
    Map<String, String> properties = minimal();
    properties.put("coincap.assets", list);
    assertThat(errors(properties)).containsOnlyKeys("coincap.assets");
    assertThat(errors(properties).get("coincap.assets").toString()).contains(words);
  }

  @Test
  void aUrlThatCarriesTheCredentialIsRefusedWithoutRepeatingIt() {
    Map<String, String> properties = minimal();
    properties.put("coincap.websocket.url", "wss://host/?assets=bitcoin");
    assertThat(errors(properties).get("coincap.websocket.url").toString())
        .contains("give them in coincap.assets");
    properties.put("coincap.websocket.url", "wss://host/?apiKey=s3cret");
    assertThat(errors(properties)).containsOnlyKeys("coincap.websocket.url");
    assertThat(errors(properties).toString()).doesNotContain("s3cret");
  }

  @Test
  void connectFindsTheConnectorThroughItsServiceFile() {
    assertThat(ServiceLoader.load(SourceConnector.class).stream().map(p -> p.type().getName()))
        .contains(CoinCapSourceConnector.class.getName());
  }

  @Test
  void connectorAndTaskHaveTheVersionOfTheBuild() {
    assertThat(connector.version())
        .isEqualTo(new CoinCapSourceTask().version())
        .isEqualTo(System.getProperty("marketstream.version"));
    assertThat(connector.taskClass()).isEqualTo(CoinCapSourceTask.class);
  }

  @Test
  void thereIsOneTaskWhateverIsAllowed() {
    connector.start(minimal());
    assertThat(connector.taskConfigs(8)).containsExactly(minimal());
  }

  @Test
  void exactlyOnceIsNotClaimed() {
    assertThat(connector.exactlyOnceSupport(minimal())).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
  }

  @Test
  void offsetsThatATaskCanReadMayBeSetOrDeleted() {
    Map<String, String> partition = Map.of("source", "coincap", "symbol", "X");
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(
        partition, Map.of("session", 1L, "sequence", -1L, "received_at", 2L, "safe_until", 2L));
    assertThat(connector.alterOffsets(minimal(), offsets)).isTrue();
    offsets.put(partition, null);
    assertThat(connector.alterOffsets(minimal(), offsets)).isTrue();
    offsets.put(partition, Map.of("session", 1L));
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> connector.alterOffsets(minimal(), offsets))
        .hasMessageContaining("sequence")
        .hasMessageContaining("symbol");
  }
}
