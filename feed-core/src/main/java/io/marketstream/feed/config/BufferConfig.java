package io.marketstream.feed.config;

import io.marketstream.feed.buffer.OverflowPolicy;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys of the buffer between socket and task. */
public final class BufferConfig {

  public static final String BUFFER_MAX_RECORDS = "buffer.max.records";
  public static final String BUFFER_OVERFLOW_POLICY = "buffer.overflow.policy";
  public static final String BUFFER_BLOCK_MS = "buffer.block.ms";
  private static final String GROUP = "Buffer";
  private static final long AN_HOUR = 3_600_000L;

  private BufferConfig() {}

  public static ConfigDef update(ConfigDef def) {
    return def.define(
            BUFFER_MAX_RECORDS,
            Type.INT,
            50_000,
            Range.between(1, 10_000_000),
            Importance.MEDIUM,
            "How many ticks wait at most for the worker to take them (one frame more at the limit).",
            GROUP,
            1,
            Width.SHORT,
            "Buffer capacity (ticks)")
        .define(
            BUFFER_OVERFLOW_POLICY,
            Type.STRING,
            OverflowPolicy.BLOCK.configValue(),
            ValidString.in(
                OverflowPolicy.BLOCK.configValue(), OverflowPolicy.DROP_OLDEST.configValue()),
            Importance.MEDIUM,
            "When the buffer is full: 'block' stops reading the socket for up to buffer.block.ms, then closes it and"
                + " reconnects when the buffer is half empty; 'drop_oldest' drops the oldest ticks and records exactly which.",
            GROUP,
            2,
            Width.SHORT,
            "Overflow policy")
        .define(
            BUFFER_BLOCK_MS,
            Type.LONG,
            5_000L,
            Range.between(0L, AN_HOUR),
            Importance.LOW,
            "How long a full buffer may hold the socket back, in milliseconds. Keep it below ping.interval.ms,"
                + " or the ping fails first: a socket that is not read sees no pong.",
            GROUP,
            3,
            Width.SHORT,
            "Block at most (ms)");
  }

  public static int capacity(AbstractConfig config) {
    return config.getInt(BUFFER_MAX_RECORDS);
  }

  public static OverflowPolicy policy(AbstractConfig config) {
    return OverflowPolicy.valueOf(
        config.getString(BUFFER_OVERFLOW_POLICY).toUpperCase(Locale.ROOT));
  }
}
