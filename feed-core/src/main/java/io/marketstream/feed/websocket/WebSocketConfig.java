package io.marketstream.feed.websocket;

import io.marketstream.feed.config.ConfigValidators;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The configuration keys of a single websocket connection. */
public final class WebSocketConfig {

  public static final String CONNECT_TIMEOUT_MS = "connect.timeout.ms";
  public static final String PING_INTERVAL_MS = "ping.interval.ms";
  public static final String RATE_LIMIT_BACKOFF_MS = "rate.limit.backoff.ms";
  public static final String FRAME_MAX_BYTES = "frame.max.bytes";

  /** The group that these keys share with those of the session. */
  public static final String GROUP = "Connection";

  private static final Duration MAX_CONNECT_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration MAX_PING_INTERVAL = Duration.ofHours(1);
  private static final Duration MAX_RATE_LIMIT_BACKOFF = Duration.ofDays(1);
  private static final int MAX_FRAME_MAX_BYTES = 64 * 1024 * 1024;

  private WebSocketConfig() {}

  /**
   * Adds the keys to the definition.
   *
   * @param pingIntervalMs the default of {@code ping.interval.ms}; 0 for no pings
   */
  public static ConfigDef update(ConfigDef def, long pingIntervalMs) {
    return def.define(
            CONNECT_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            10_000L,
            ConfigValidators.millisBetween(100, MAX_CONNECT_TIMEOUT),
            Importance.LOW,
            "How long the whole handshake may take, in milliseconds.",
            GROUP,
            1,
            Width.SHORT,
            "Connect timeout (ms)")
        .define(
            PING_INTERVAL_MS,
            ConfigDef.Type.LONG,
            pingIntervalMs,
            ConfigValidators.millisBetween(0, MAX_PING_INTERVAL),
            Importance.LOW,
            "The interval between websocket pings to the server, in milliseconds; 0 for no pings.",
            GROUP,
            3,
            Width.SHORT,
            "Ping interval (ms)")
        .define(
            RATE_LIMIT_BACKOFF_MS,
            ConfigDef.Type.LONG,
            300_000L,
            ConfigValidators.millisBetween(1, MAX_RATE_LIMIT_BACKOFF),
            Importance.LOW,
            "The wait after HTTP 429 without Retry-After, in milliseconds.",
            GROUP,
            7,
            Width.SHORT,
            "Rate limit backoff (ms)")
        .define(
            FRAME_MAX_BYTES,
            ConfigDef.Type.INT,
            1_048_576,
            Range.between(1_024, MAX_FRAME_MAX_BYTES),
            Importance.LOW,
            "The maximum size of a frame, in bytes. A larger frame is rejected and the connection"
                + " stays open. A message that is sixteen times larger ends the connection.",
            GROUP,
            8,
            Width.SHORT,
            "Maximum frame size (bytes)");
  }

  /** The settings of a connection, with those of {@link NetworkConfig}. */
  public static WebSocketSettings webSocketSettings(AbstractConfig config) {
    return new WebSocketSettings(
        millis(config, CONNECT_TIMEOUT_MS),
        millis(config, PING_INTERVAL_MS),
        millis(config, RATE_LIMIT_BACKOFF_MS),
        config.getInt(FRAME_MAX_BYTES),
        NetworkConfig.networkSettings(config));
  }

  private static Duration millis(AbstractConfig config, String key) {
    return Duration.ofMillis(config.getLong(key));
  }
}
