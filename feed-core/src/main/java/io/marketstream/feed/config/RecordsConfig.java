package io.marketstream.feed.config;

import io.marketstream.feed.record.TopicNames;
import io.marketstream.model.Topics;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys that say where records go. */
public final class RecordsConfig {

  public static final String TOPIC = "topic";
  public static final String GAPS_TOPIC = "gaps.topic";
  public static final String REJECTED_TOPIC = "rejected.topic";
  public static final String SOURCE_NAME = "source.name";
  public static final String HEARTBEATS_TOPIC = "heartbeats.topic";
  public static final String HEARTBEAT_INTERVAL_MS = "heartbeat.interval.ms";
  private static final String GROUP = "Records";
  private static final long AN_HOUR = 3_600_000L;

  private RecordsConfig() {}

  /**
   * @param defaultSource the default of {@code source.name}
   */
  public static ConfigDef update(ConfigDef def, String defaultSource) {
    return def.define(
            TOPIC,
            Type.STRING,
            Topics.TICKS,
            Checks.topic(),
            Importance.HIGH,
            "The topic of ticks.",
            GROUP,
            1,
            Width.MEDIUM,
            "Ticks topic")
        .define(
            GAPS_TOPIC,
            Type.STRING,
            Topics.GAPS,
            Checks.topic(),
            Importance.MEDIUM,
            "The topic of gap records: every interval in which ticks may have been missed, with its cause.",
            GROUP,
            2,
            Width.MEDIUM,
            "Gaps topic")
        .define(
            REJECTED_TOPIC,
            Type.STRING,
            Topics.REJECTED,
            Checks.topic(),
            Importance.MEDIUM,
            "The topic of input that could not be decoded, with its reason.",
            GROUP,
            3,
            Width.MEDIUM,
            "Rejected topic")
        .define(
            SOURCE_NAME,
            Type.STRING,
            defaultSource,
            Checks.sourceName(),
            Importance.MEDIUM,
            "The field 'source' of every record. One (source, symbol) belongs to one connector:"
                + " two connectors of one feed need either different symbols or different source names.",
            GROUP,
            4,
            Width.SHORT,
            "Source name")
        .define(
            HEARTBEATS_TOPIC,
            Type.STRING,
            Topics.HEARTBEATS,
            Checks.topic(),
            Importance.LOW,
            "The topic of heartbeats: whether the connector is connected, and how far its feed has been heard.",
            GROUP,
            5,
            Width.MEDIUM,
            "Heartbeats topic")
        .define(
            HEARTBEAT_INTERVAL_MS,
            Type.LONG,
            10_000L,
            Range.between(0L, AN_HOUR),
            Importance.LOW,
            "The interval of heartbeats, in milliseconds; 0 for none. Without them the gap of a restart begins at the"
                + " last tick, however long ago.",
            GROUP,
            6,
            Width.SHORT,
            "Heartbeat interval (ms)");
  }

  public static TopicNames topicNames(AbstractConfig config) {
    return new TopicNames(
        config.getString(SOURCE_NAME),
        config.getString(TOPIC),
        config.getString(GAPS_TOPIC),
        config.getString(REJECTED_TOPIC),
        config.getString(HEARTBEATS_TOPIC));
  }

  /** Zero for none. */
  public static Duration heartbeatInterval(AbstractConfig config) {
    return Duration.ofMillis(config.getLong(HEARTBEAT_INTERVAL_MS));
  }
}
