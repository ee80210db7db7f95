package io.marketstream.feed.buffer;

import io.marketstream.feed.config.ConfigValidators;
import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The configuration keys of the {@link FeedBuffer}. */
public final class BufferConfig {

  public static final String BUFFER_MAX_RECORDS = "buffer.max.records";
  public static final String BUFFER_OVERFLOW_POLICY = "buffer.overflow.policy";
  public static final String BUFFER_BLOCK_MS = "buffer.block.ms";
  private static final String GROUP = "Buffer";
  private static final Duration MAX_BLOCK = Duration.ofHours(1);

  private BufferConfig() {}

  /** Adds the keys to the definition. */
  public static ConfigDef update(ConfigDef def) {
    return def.define(
            BUFFER_MAX_RECORDS,
            ConfigDef.Type.INT,
            50_000,
            Range.between(1, 10_000_000),
            Importance.MEDIUM,
            "The maximum number of ticks that wait for the worker. One frame may exceed it.",
            GROUP,
            1,
            Width.SHORT,
            "Buffer capacity (ticks)")
        .define(
            BUFFER_OVERFLOW_POLICY,
            ConfigDef.Type.STRING,
            OverflowPolicy.BLOCK.configValue(),
            ValidString.in(
                OverflowPolicy.BLOCK.configValue(), OverflowPolicy.DROP_OLDEST.configValue()),
            Importance.MEDIUM,
            "What happens when the buffer is full. 'block' stops reading the socket for up to "
                + BUFFER_BLOCK_MS
                + ". Then it closes the socket, and reconnects when the buffer is half empty."
                + " 'drop_oldest' drops the oldest ticks and records exactly which.",
            GROUP,
            2,
            Width.SHORT,
            "Overflow policy")
        .define(
            BUFFER_BLOCK_MS,
            ConfigDef.Type.LONG,
            5_000L,
            ConfigValidators.millisBetween(0, MAX_BLOCK),
            Importance.LOW,
            "How long the connector may stop reading the socket because the buffer is full, in"
                + " milliseconds; 0 to close the socket as soon as the buffer is full. If"
                + " ping.interval.ms is above 0, keep this below it. Otherwise the ping fails"
                + " first, because the connector does not read the pong.",
            GROUP,
            3,
            Width.SHORT,
            "Maximum block time (ms)");
  }

  /** The capacity of the buffer, in ticks. */
  public static int capacity(AbstractConfig config) {
    return config.getInt(BUFFER_MAX_RECORDS);
  }

  /** What happens when the buffer is full. */
  public static OverflowPolicy policy(AbstractConfig config) {
    return OverflowPolicy.valueOf(
        config.getString(BUFFER_OVERFLOW_POLICY).toUpperCase(Locale.ROOT));
  }
}
