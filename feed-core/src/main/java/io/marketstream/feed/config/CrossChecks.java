package io.marketstream.feed.config;

import io.marketstream.feed.session.Truststore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;

/** Checks across keys, each made only where the keys themselves are valid. */
public final class CrossChecks {

  private CrossChecks() {}

  /**
   * The values with another complaint where a reference was not resolved: that of its type, or of a
   * list of choices, would not say so.
   *
   * @param written the values as they were given
   */
  public static List<ConfigValue> unresolved(
      Collection<ConfigValue> all, Map<String, String> written) {
    return all.stream()
        .map(
            value -> {
              String text = written.get(value.name());
              return text != null
                      && !value.errorMessages().isEmpty()
                      && WrittenValue.isUnresolved(text)
                  ? new ConfigValue(
                      value.name(),
                      value.value(),
                      value.recommendedValues(),
                      List.of(value.name() + ": " + WrittenValue.UNRESOLVED))
                  : value;
            })
        .toList();
  }

  /** Adds to each value what is wrong with it beside the others. */
  public static void apply(Collection<ConfigValue> all) {
    Map<String, ConfigValue> values =
        all.stream().collect(Collectors.toMap(ConfigValue::name, Function.identity()));
    Long block = valid(values, BufferConfig.BUFFER_BLOCK_MS);
    Long ping = valid(values, ConnectionConfig.PING_INTERVAL_MS);
    if (block != null && ping != null && ping > 0 && block >= ping) {
      values
          .get(BufferConfig.BUFFER_BLOCK_MS)
          .addErrorMessage(
              BufferConfig.BUFFER_BLOCK_MS
                  + ": must be below "
                  + ConnectionConfig.PING_INTERVAL_MS
                  + "="
                  + ping
                  + ", or the ping fails first: a socket that is not read sees no pong");
    }
    Long first = valid(values, ConnectionConfig.RECONNECT_BACKOFF_MS);
    Long max = valid(values, ConnectionConfig.RECONNECT_BACKOFF_MAX_MS);
    if (first != null && max != null && max < first) {
      values
          .get(ConnectionConfig.RECONNECT_BACKOFF_MAX_MS)
          .addErrorMessage(
              ConnectionConfig.RECONNECT_BACKOFF_MAX_MS
                  + ": must be at least "
                  + ConnectionConfig.RECONNECT_BACKOFF_MS
                  + "="
                  + first);
    }
    topics(values);
    network(values);
  }

  /** Who reads one topic expects one kind of record in it. */
  private static void topics(Map<String, ConfigValue> values) {
    Map<Object, String> taken = new HashMap<>();
    for (String key :
        List.of(
            RecordsConfig.TOPIC,
            RecordsConfig.GAPS_TOPIC,
            RecordsConfig.REJECTED_TOPIC,
            RecordsConfig.HEARTBEATS_TOPIC)) {
      ConfigValue topic = values.get(key);
      if (isGiven(topic)) {
        String other = taken.putIfAbsent(topic.value(), key);
        if (other != null) {
          topic.addErrorMessage(key + ": must be another topic than " + other);
        }
      }
    }
  }

  /** What is missing is an error where it belongs. */
  private static void network(Map<String, ConfigValue> values) {
    need(values, NetworkConfig.PROXY_USER, NetworkConfig.PROXY_URL);
    need(values, NetworkConfig.PROXY_USER, NetworkConfig.PROXY_PASSWORD);
    need(values, NetworkConfig.PROXY_PASSWORD, NetworkConfig.PROXY_USER);
    need(values, NetworkConfig.TRUSTSTORE_PASSWORD, NetworkConfig.TRUSTSTORE_LOCATION);
    ConfigValue password = values.get(NetworkConfig.TRUSTSTORE_PASSWORD);
    ConfigValue type = values.get(NetworkConfig.TRUSTSTORE_TYPE);
    if (isGiven(password) && isGiven(type) && type.value().equals(Truststore.PEM)) {
      password.addErrorMessage(
          NetworkConfig.TRUSTSTORE_PASSWORD
              + ": must be empty beside "
              + NetworkConfig.TRUSTSTORE_TYPE
              + "="
              + Truststore.PEM
              + ": such a file has no password");
    }
  }

  private static void need(Map<String, ConfigValue> values, String given, String needed) {
    ConfigValue absent = values.get(needed);
    if (isGiven(values.get(given))
        && absent != null
        && absent.errorMessages().isEmpty()
        && !isGiven(absent)) {
      absent.addErrorMessage(
          needed + ": must be given beside " + given + ", or neither of the two");
    }
  }

  private static boolean isGiven(ConfigValue value) {
    return value != null
        && value.errorMessages().isEmpty()
        && value.value() != null
        && !value.value().equals("")
        && !value.value().equals(NetworkConfig.NO_PASSWORD);
  }

  private static Long valid(Map<String, ConfigValue> values, String key) {
    ConfigValue value = values.get(key);
    return value != null && value.errorMessages().isEmpty() && value.value() instanceof Long number
        ? number
        : null;
  }
}
