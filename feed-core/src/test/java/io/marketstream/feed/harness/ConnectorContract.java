package io.marketstream.feed.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requirements for the configuration and the connector class of every feed. */
public abstract class ConnectorContract {

  protected static final Object REQUIRED = ConfigDef.NO_DEFAULT_VALUE;
  protected static final String SECRET = "s3cret";

  private final String source;
  private final String credentialKey;
  private final String symbolsKey;

  /**
   * @param source the default of source.name
   * @param credentialKey null if the feed needs no key
   * @param symbolsKey the key of the symbols or assets
   */
  protected ConnectorContract(String source, String credentialKey, String symbolsKey) {
    this.source = source;
    this.credentialKey = credentialKey;
    this.symbolsKey = symbolsKey;
  }

  protected abstract SourceConnector connector();

  protected abstract SourceTask task();

  protected abstract AbstractConfig config(Map<String, String> properties);

  /** A valid value of the symbols or assets. */
  protected abstract String validSymbols();

  /** The defaults of the connector's own keys, and of those whose default depends on the feed. */
  protected abstract Map<String, Object> ownDefaults();

  private static Map<String, Object> sharedDefaults() {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put("topic", "market_data");
    defaults.put("gaps.topic", "market_data_gaps");
    defaults.put("rejected.topic", "market_data_rejected");
    defaults.put("heartbeats.topic", "market_data_heartbeats");
    defaults.put("heartbeat.interval.ms", 10_000L);
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

  /** The smallest valid configuration. */
  protected final Map<String, String> minimal() {
    Map<String, String> properties = new HashMap<>();
    if (credentialKey != null) {
      properties.put(credentialKey, SECRET);
    }
    properties.put(symbolsKey, validSymbols());
    return properties;
  }

  /** The minimal configuration with another value of one key. */
  protected final Map<String, String> minimalWith(String key, String value) {
    Map<String, String> properties = minimal();
    properties.put(key, value);
    return properties;
  }

  /** The error messages of a configuration by key. */
  protected final Map<String, List<String>> errors(Map<String, String> properties) {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : connector().validate(properties).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }

  /** Asserts that only this key has an error, and that the error contains the text. */
  protected final void assertOnlyError(String key, String value, String text) {
    Map<String, List<String>> errors = errors(minimalWith(key, value));
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key).toString()).contains(text);
  }

  @Test
  void everyKeyHasItsDefault() {
    Map<String, Object> expected = sharedDefaults();
    expected.put("source.name", source);
    if (credentialKey != null) {
      expected.put(credentialKey, REQUIRED);
    }
    expected.put(symbolsKey, REQUIRED);
    expected.putAll(ownDefaults());
    Map<String, Object> actual = new HashMap<>();
    connector().config().configKeys().forEach((name, key) -> actual.put(name, key.defaultValue));
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void everyKeyIsDocumentedForForms() {
    Map<String, Set<Integer>> orders = new HashMap<>();
    connector()
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
  void credentialIsAPassword() {
    if (credentialKey == null) {
      return;
    }
    assertThat(connector().config().configKeys().get(credentialKey).type)
        .isEqualTo(ConfigDef.Type.PASSWORD);
    assertThat(config(minimal()).toString()).doesNotContain(SECRET);
    assertThat(config(minimal()).values().toString()).doesNotContain(SECRET);
  }

  @Test
  void minimalConfigurationIsValid() {
    assertThat(errors(minimal())).isEmpty();
  }

  @Test
  void allErrorsAreReportedAtTheirOwnKeys() {
    Map<String, String> wrong = new HashMap<>();
    wrong.put("topic", "a b");
    wrong.put("source.name", "Upper");
    wrong.put("buffer.overflow.policy", "forget");
    wrong.put("idle.timeout.ms", "soon");
    wrong.put("frame.max.bytes", "1");
    Set<String> expected =
        new HashSet<>(
            List.of(
                symbolsKey,
                "topic",
                "source.name",
                "buffer.overflow.policy",
                "idle.timeout.ms",
                "frame.max.bytes"));
    if (credentialKey != null) {
      expected.add(credentialKey);
    }
    assertThat(errors(wrong).keySet()).isEqualTo(expected);
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
  void numberOutOfRangeIsRefused(String key, String value) {
    assertOnlyError(key, value, "Value must be");
  }

  @Test
  void unresolvedReferenceIsReportedForEveryKey() {
    for (String key : connector().config().names()) {
      Map<String, List<String>> errors =
          errors(minimalWith(key, "${vault:secret/market:" + key + "}"));
      assertThat(errors).as(key).containsKey(key);
      assertThat(errors.get(key).toString()).as(key).contains("did not resolve");
    }
  }

  @Test
  void connectFindsTheConnector() {
    assertThat(ServiceLoader.load(SourceConnector.class).stream().map(p -> p.type().getName()))
        .contains(connector().getClass().getName());
  }

  @Test
  void connectorAndTaskHaveTheVersionOfTheBuild() {
    assertThat(connector().version())
        .isEqualTo(task().version())
        .isEqualTo(System.getProperty("marketstream.version"));
    assertThat(connector().taskClass()).isEqualTo(task().getClass());
  }

  @Test
  void thereIsOnlyOneTask() {
    SourceConnector connector = connector();
    connector.start(minimal());
    assertThat(connector.taskConfigs(8)).containsExactly(minimal());
  }

  @Test
  void exactlyOnceIsNotSupported() {
    assertThat(connector().exactlyOnceSupport(minimal())).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
  }

  /**
   * Connect stores offsets under the connector's name, which a connector of another class may have
   * used before.
   */
  @Test
  void foreignOffsetsMayBeDeletedButNotSet() {
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(Map.of("url", "https://elsewhere"), null);
    offsets.put(Map.of("source", source, "symbol", "X"), null);
    assertThat(connector().alterOffsets(minimal(), offsets)).isTrue();
    offsets.put(Map.of("url", "https://elsewhere"), Map.of("position", 1L));
    assertThatThrownBy(() -> connector().alterOffsets(minimal(), offsets))
        .hasMessageContaining("source");
  }

  @Test
  void validOffsetsMayBeSetOrDeleted() {
    Map<String, String> partition = Map.of("source", source, "symbol", "X");
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(
        partition, Map.of("session", 1L, "sequence", -1L, "received_at", 2L, "safe_until", 2L));
    assertThat(connector().alterOffsets(minimal(), offsets)).isTrue();
    offsets.put(partition, null);
    assertThat(connector().alterOffsets(minimal(), offsets)).isTrue();
    offsets.put(partition, Map.of("session", 1L));
    assertThatThrownBy(() -> connector().alterOffsets(minimal(), offsets))
        .hasMessageContaining("sequence")
        .hasMessageContaining("symbol");
  }
}
