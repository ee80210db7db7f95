package io.marketstream.feed.config;

import io.marketstream.feed.session.SessionSettings;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys that say how a connection is opened, watched and opened again. */
public final class ConnectionConfig {

  public static final String CONNECT_TIMEOUT_MS = "connect.timeout.ms";
  public static final String IDLE_TIMEOUT_MS = "idle.timeout.ms";
  public static final String PING_INTERVAL_MS = "ping.interval.ms";
  public static final String RECONNECT_BACKOFF_MS = "reconnect.backoff.ms";
  public static final String RECONNECT_BACKOFF_MAX_MS = "reconnect.backoff.max.ms";
  public static final String RECONNECT_STABLE_MS = "reconnect.stable.ms";
  public static final String RATE_LIMIT_BACKOFF_MS = "rate.limit.backoff.ms";
  public static final String FRAME_MAX_BYTES = "frame.max.bytes";
  public static final String FEED_DELAY_WARN_MS = "feed.delay.warn.ms";
  public static final String TICK_SILENCE_MS = "tick.silence.ms";
  public static final String STANDSTILL_MS = "standstill.ms";
  public static final String STANDSTILL_SETTLING_MS = "standstill.settling.ms";
  // The metrics show each minute for a minute: a scrape per minute or more often sees all of them.
  private static final Duration DELAY_WINDOW = Duration.ofMinutes(1);
  // Finnhub was seen to refuse a valid symbol and to take it again three quarters of an hour later.
  private static final Duration REFUSED_RETRY = Duration.ofMinutes(1);
  private static final String GROUP = "Connection";
  private static final int LARGEST_FRAME = 64 * 1024 * 1024;
  private static final long AN_HOUR = 3_600_000L;
  private static final long A_DAY = 24 * AN_HOUR;

  private ConnectionConfig() {}

  /**
   * @param idleTimeoutMs the default of {@code idle.timeout.ms}: above the longest silence of a
   *     healthy feed
   * @param pingIntervalMs the default of {@code ping.interval.ms}; 0 for none
   */
  public static ConfigDef update(ConfigDef def, long idleTimeoutMs, long pingIntervalMs) {
    return def.define(
            CONNECT_TIMEOUT_MS,
            Type.LONG,
            10_000L,
            Range.between(100L, 300_000L),
            Importance.LOW,
            "How long the whole handshake may take, in milliseconds.",
            GROUP,
            1,
            Width.SHORT,
            "Connect timeout (ms)")
        .define(
            IDLE_TIMEOUT_MS,
            Type.LONG,
            idleTimeoutMs,
            Range.between(100L, A_DAY),
            Importance.MEDIUM,
            "After this long without a frame, in milliseconds, the connection counts as stalled and is opened again."
                + " Pongs do not count. Raise it for symbols that trade rarely. Below the interval of the feed's own"
                + " pings it costs a reconnect in every quiet minute.",
            GROUP,
            2,
            Width.SHORT,
            "Idle timeout (ms)")
        .define(
            PING_INTERVAL_MS,
            Type.LONG,
            pingIntervalMs,
            Range.between(0L, AN_HOUR),
            Importance.LOW,
            "The interval of websocket pings to the server, in milliseconds; 0 for none.",
            GROUP,
            3,
            Width.SHORT,
            "Ping interval (ms)")
        .define(
            RECONNECT_BACKOFF_MS,
            Type.LONG,
            1_000L,
            Range.between(1L, AN_HOUR),
            Importance.LOW,
            "The longest wait before the first attempt to reconnect, in milliseconds. The wait is random below"
                + " this limit, and the limit doubles with each attempt.",
            GROUP,
            4,
            Width.SHORT,
            "Reconnect backoff (ms)")
        .define(
            RECONNECT_BACKOFF_MAX_MS,
            Type.LONG,
            60_000L,
            Range.between(1L, AN_HOUR),
            Importance.LOW,
            "The limit up to which the backoff doubles, in milliseconds.",
            GROUP,
            5,
            Width.SHORT,
            "Reconnect backoff, at most (ms)")
        .define(
            RECONNECT_STABLE_MS,
            Type.LONG,
            30_000L,
            Range.between(0L, A_DAY),
            Importance.LOW,
            "A connection must have delivered for this long, in milliseconds, before the backoff starts over.",
            GROUP,
            6,
            Width.SHORT,
            "Stable after (ms)")
        .define(
            RATE_LIMIT_BACKOFF_MS,
            Type.LONG,
            300_000L,
            Range.between(1L, A_DAY),
            Importance.LOW,
            "The wait after HTTP 429 without Retry-After, in milliseconds.",
            GROUP,
            7,
            Width.SHORT,
            "Rate limit backoff (ms)")
        .define(
            FRAME_MAX_BYTES,
            Type.INT,
            1_048_576,
            Range.between(1_024, LARGEST_FRAME),
            Importance.LOW,
            "Larger frames are rejected, in bytes; the connection is kept. A message sixteen times larger cuts it.",
            GROUP,
            8,
            Width.SHORT,
            "Largest frame (bytes)")
        .define(
            FEED_DELAY_WARN_MS,
            Type.LONG,
            60_000L,
            Range.between(0L, A_DAY),
            Importance.LOW,
            "The connector warns when the median tick of a minute arrives later than this after its event time,"
                + " in milliseconds. It also warns when the median tick arrives more than 2000 ms before its"
                + " event time. 0 for no such warnings.",
            GROUP,
            9,
            Width.SHORT,
            "Warn of a feed delay above (ms)")
        .define(
            TICK_SILENCE_MS,
            Type.LONG,
            0L,
            Range.between(0L, A_DAY),
            Importance.LOW,
            "After this long without a tick of any symbol, in milliseconds, the connection counts as stalled and"
                + " is opened again, also if the feed still sends other frames; 0 for never. For markets that never"
                + " close. Do not set it for stocks: they are silent every night.",
            GROUP,
            10,
            Width.SHORT,
            "Tick silence (ms)")
        .define(
            STANDSTILL_MS,
            Type.LONG,
            38_000L,
            Range.between(5_000L, A_DAY),
            Importance.LOW,
            "After the worker process stood still for this long, in milliseconds, another worker may have the task."
                + " Just below session.timeout.ms less heartbeat.interval.ms of the worker. The default is for 60000"
                + " and 20000, as in the shipped worker files. For Connect's defaults of 10000 and 3000 set 6000.",
            GROUP,
            11,
            Width.SHORT,
            "Standstill (ms)")
        .define(
            STANDSTILL_SETTLING_MS,
            Type.LONG,
            25_000L,
            Range.between(0L, AN_HOUR),
            Importance.LOW,
            "How long the connector does not connect after such a standstill, in milliseconds. Above"
                + " heartbeat.interval.ms of the worker, so that the worker learns first that its task has moved."
                + " For Connect's default of 3000 set 5000.",
            GROUP,
            12,
            Width.SHORT,
            "Settling after a standstill (ms)");
  }

  /**
   * @param subscribeInterval the pace of subscribe frames
   */
  public static SessionSettings sessionSettings(AbstractConfig config, Duration subscribeInterval) {
    Duration first = millis(config, RECONNECT_BACKOFF_MS);
    Duration max = millis(config, RECONNECT_BACKOFF_MAX_MS);
    return new SessionSettings(
        millis(config, CONNECT_TIMEOUT_MS),
        millis(config, IDLE_TIMEOUT_MS),
        millis(config, TICK_SILENCE_MS),
        millis(config, PING_INTERVAL_MS),
        subscribeInterval,
        REFUSED_RETRY,
        first,
        max.compareTo(first) < 0 ? first : max,
        millis(config, RECONNECT_STABLE_MS),
        millis(config, RATE_LIMIT_BACKOFF_MS),
        millis(config, STANDSTILL_MS),
        millis(config, STANDSTILL_SETTLING_MS),
        DELAY_WINDOW,
        millis(config, FEED_DELAY_WARN_MS),
        config.getInt(FRAME_MAX_BYTES),
        millis(config, BufferConfig.BUFFER_BLOCK_MS),
        NetworkConfig.networkSettings(config));
  }

  private static Duration millis(AbstractConfig config, String key) {
    return Duration.ofMillis(config.getLong(key));
  }
}
