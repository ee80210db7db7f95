package io.marketstream.feed.session;

import io.marketstream.feed.buffer.BufferConfig;
import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.config.CrossChecks;
import io.marketstream.feed.websocket.WebSocketConfig;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The configuration keys that say when a {@link FeedSession} ends a connection and when it opens
 * the next one. They include the keys of {@link WebSocketConfig}.
 */
public final class ConnectionConfig {

  public static final String IDLE_TIMEOUT_MS = "idle.timeout.ms";
  public static final String RECONNECT_BACKOFF_MS = "reconnect.backoff.ms";
  public static final String RECONNECT_BACKOFF_MAX_MS = "reconnect.backoff.max.ms";
  public static final String RECONNECT_STABLE_MS = "reconnect.stable.ms";
  public static final String FEED_DELAY_WARN_MS = "feed.delay.warn.ms";
  public static final String TICK_SILENCE_MS = "tick.silence.ms";
  public static final String STANDSTILL_MS = "standstill.ms";
  public static final String STANDSTILL_SETTLING_MS = "standstill.settling.ms";
  // Each minute stays in the metrics for a minute, so a scrape per minute sees all of them.
  private static final Duration DELAY_WINDOW = Duration.ofMinutes(1);
  // Finnhub has refused a valid symbol and accepted it 45 minutes later.
  private static final Duration REFUSED_RETRY = Duration.ofMinutes(1);
  private static final Duration ONE_HOUR = Duration.ofHours(1);
  private static final Duration ONE_DAY = Duration.ofDays(1);

  private ConnectionConfig() {}

  /**
   * Adds the keys to the definition.
   *
   * @param idleTimeoutMs the default of {@code idle.timeout.ms}: longer than the longest silence of
   *     a healthy feed
   * @param pingIntervalMs the default of {@code ping.interval.ms}; 0 for no pings
   */
  public static ConfigDef update(ConfigDef def, long idleTimeoutMs, long pingIntervalMs) {
    return WebSocketConfig.update(def, pingIntervalMs)
        .define(
            IDLE_TIMEOUT_MS,
            ConfigDef.Type.LONG,
            idleTimeoutMs,
            ConfigValidators.millisBetween(100, ONE_DAY),
            Importance.MEDIUM,
            "After this time without a frame, in milliseconds, the connector reconnects. Pongs do not"
                + " count as frames. Raise it for symbols that trade rarely. If it is shorter than"
                + " the interval of the feed's own pings, every quiet minute costs a reconnect.",
            WebSocketConfig.GROUP,
            2,
            Width.SHORT,
            "Idle timeout (ms)")
        .define(
            RECONNECT_BACKOFF_MS,
            ConfigDef.Type.LONG,
            1_000L,
            ConfigValidators.millisBetween(1, ONE_HOUR),
            Importance.LOW,
            "The maximum wait before the first attempt to reconnect, in milliseconds. The wait is"
                + " random below this limit, and the limit doubles with each attempt.",
            WebSocketConfig.GROUP,
            4,
            Width.SHORT,
            "Reconnect backoff (ms)")
        .define(
            RECONNECT_BACKOFF_MAX_MS,
            ConfigDef.Type.LONG,
            60_000L,
            ConfigValidators.millisBetween(1, ONE_HOUR),
            Importance.LOW,
            "The limit up to which the backoff doubles, in milliseconds.",
            WebSocketConfig.GROUP,
            5,
            Width.SHORT,
            "Maximum reconnect backoff (ms)")
        .define(
            RECONNECT_STABLE_MS,
            ConfigDef.Type.LONG,
            30_000L,
            ConfigValidators.millisBetween(0, ONE_DAY),
            Importance.LOW,
            "How long a connection must deliver, in milliseconds, before the backoff starts over.",
            WebSocketConfig.GROUP,
            6,
            Width.SHORT,
            "Stable after (ms)")
        .define(
            FEED_DELAY_WARN_MS,
            ConfigDef.Type.LONG,
            60_000L,
            ConfigValidators.millisBetween(0, ONE_DAY),
            Importance.LOW,
            "The connector warns when the median tick of a minute arrives later than this after its"
                + " event time, in milliseconds. It also warns when the median tick arrives more than"
                + " 2000 ms before its event time. 0 turns off both warnings.",
            WebSocketConfig.GROUP,
            9,
            Width.SHORT,
            "Feed delay warning (ms)")
        .define(
            TICK_SILENCE_MS,
            ConfigDef.Type.LONG,
            0L,
            ConfigValidators.millisBetween(0, ONE_DAY),
            Importance.LOW,
            "After this time without a tick of any symbol, in milliseconds, the connector reconnects,"
                + " even if the feed still sends other frames. 0 turns this off. Use it for markets"
                + " that never close. Do not set it for stocks, which are silent every night.",
            WebSocketConfig.GROUP,
            10,
            Width.SHORT,
            "Tick silence (ms)")
        .define(
            STANDSTILL_MS,
            ConfigDef.Type.LONG,
            38_000L,
            ConfigValidators.millisBetween(5_000, ONE_DAY),
            Importance.LOW,
            "If the worker process was paused for longer than this, in milliseconds, another worker"
                + " may have taken over the task. Set it just below session.timeout.ms minus"
                + " heartbeat.interval.ms of the worker. The default fits 60000 and 20000, as in the"
                + " shipped worker files. For Connect's defaults of 10000 and 3000 set 6000.",
            WebSocketConfig.GROUP,
            11,
            Width.SHORT,
            "Process pause (ms)")
        .define(
            STANDSTILL_SETTLING_MS,
            ConfigDef.Type.LONG,
            25_000L,
            ConfigValidators.millisBetween(0, ONE_HOUR),
            Importance.LOW,
            "How long the connector waits before it connects after such a pause, in milliseconds. Set"
                + " it above heartbeat.interval.ms of the worker, so that the worker first learns"
                + " whether its task has moved. For Connect's default of 3000 set 5000.",
            WebSocketConfig.GROUP,
            12,
            Width.SHORT,
            "Wait after a process pause (ms)");
  }

  /** Checks the backoff limits, and that a blocked socket does not fail the ping. */
  public static void crossCheck(CrossChecks values) {
    Long block = values.number(BufferConfig.BUFFER_BLOCK_MS);
    Long ping = values.number(WebSocketConfig.PING_INTERVAL_MS);
    if (block != null && ping != null && ping > 0 && block >= ping) {
      values.addError(
          BufferConfig.BUFFER_BLOCK_MS,
          "must be below "
              + WebSocketConfig.PING_INTERVAL_MS
              + "="
              + ping
              + ". Otherwise the ping fails first, because the connector does not read the pong");
    }
    Long first = values.number(RECONNECT_BACKOFF_MS);
    Long max = values.number(RECONNECT_BACKOFF_MAX_MS);
    if (first != null && max != null && max < first) {
      values.addError(
          RECONNECT_BACKOFF_MAX_MS, "must be at least " + RECONNECT_BACKOFF_MS + "=" + first);
    }
  }

  /**
   * The settings of a session.
   *
   * @param subscribeInterval the pause between two subscribe frames
   */
  public static SessionSettings sessionSettings(AbstractConfig config, Duration subscribeInterval) {
    Duration first = millis(config, RECONNECT_BACKOFF_MS);
    Duration max = millis(config, RECONNECT_BACKOFF_MAX_MS);
    return new SessionSettings(
        WebSocketConfig.webSocketSettings(config),
        millis(config, IDLE_TIMEOUT_MS),
        millis(config, TICK_SILENCE_MS),
        subscribeInterval,
        REFUSED_RETRY,
        first,
        max.compareTo(first) < 0 ? first : max,
        millis(config, RECONNECT_STABLE_MS),
        millis(config, STANDSTILL_MS),
        millis(config, STANDSTILL_SETTLING_MS),
        DELAY_WINDOW,
        millis(config, FEED_DELAY_WARN_MS),
        millis(config, BufferConfig.BUFFER_BLOCK_MS));
  }

  private static Duration millis(AbstractConfig config, String key) {
    return Duration.ofMillis(config.getLong(key));
  }
}
