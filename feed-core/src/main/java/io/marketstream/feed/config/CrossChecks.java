package io.marketstream.feed.config;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;

/** Checks across keys, each made only where the keys themselves are valid. */
public final class CrossChecks {

  private CrossChecks() {}

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
  }

  private static Long valid(Map<String, ConfigValue> values, String key) {
    ConfigValue value = values.get(key);
    return value != null && value.errorMessages().isEmpty() && value.value() instanceof Long number
        ? number
        : null;
  }
}
