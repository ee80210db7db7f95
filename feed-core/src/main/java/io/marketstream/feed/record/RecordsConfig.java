package io.marketstream.feed.record;

import io.marketstream.feed.config.ConfigValidators;
import io.marketstream.feed.config.CrossChecks;
import io.marketstream.model.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The configuration keys of the topics, the source name and the heartbeats. */
public final class RecordsConfig {

  public static final String TOPIC = "topic";
  public static final String GAPS_TOPIC = "gaps.topic";
  public static final String REJECTED_TOPIC = "rejected.topic";
  public static final String SOURCE_NAME = "source.name";
  public static final String HEARTBEATS_TOPIC = "heartbeats.topic";
  public static final String HEARTBEAT_INTERVAL_MS = "heartbeat.interval.ms";
  private static final String GROUP = "Records";
  private static final Duration MAX_HEARTBEAT_INTERVAL = Duration.ofHours(1);

  private RecordsConfig() {}

  /**
   * Adds the keys to the definition.
   *
   * @param defaultSource the default of {@code source.name}
   */
  public static ConfigDef update(ConfigDef def, String defaultSource) {
    return def.define(
            TOPIC,
            ConfigDef.Type.STRING,
            Topics.TICKS,
            ConfigValidators.topic(),
            Importance.HIGH,
            "The topic for ticks.",
            GROUP,
            1,
            Width.MEDIUM,
            "Ticks topic")
        .define(
            GAPS_TOPIC,
            ConfigDef.Type.STRING,
            Topics.GAPS,
            ConfigValidators.topic(),
            Importance.MEDIUM,
            "The topic for gaps: every interval in which ticks may have been missed, with its cause.",
            GROUP,
            2,
            Width.MEDIUM,
            "Gaps topic")
        .define(
            REJECTED_TOPIC,
            ConfigDef.Type.STRING,
            Topics.REJECTED,
            ConfigValidators.topic(),
            Importance.MEDIUM,
            "The topic for input that could not be decoded, with the reason.",
            GROUP,
            3,
            Width.MEDIUM,
            "Rejected topic")
        .define(
            SOURCE_NAME,
            ConfigDef.Type.STRING,
            defaultSource,
            ConfigValidators.sourceName(),
            Importance.MEDIUM,
            "The value of the field 'source' in every record. One (source, symbol) belongs to one"
                + " connector. Two connectors of one feed need different symbols or different source"
                + " names.",
            GROUP,
            4,
            Width.SHORT,
            "Source name")
        .define(
            HEARTBEATS_TOPIC,
            ConfigDef.Type.STRING,
            Topics.HEARTBEATS,
            ConfigValidators.topic(),
            Importance.LOW,
            "The topic for heartbeats: whether the connector is connected, and when it last received"
                + " something.",
            GROUP,
            5,
            Width.MEDIUM,
            "Heartbeats topic")
        .define(
            HEARTBEAT_INTERVAL_MS,
            ConfigDef.Type.LONG,
            10_000L,
            ConfigValidators.millisBetween(0, MAX_HEARTBEAT_INTERVAL),
            Importance.LOW,
            "The interval between heartbeats, in milliseconds; 0 for none. Without heartbeats the gap"
                + " of a restart begins at the last tick, even if that was long ago.",
            GROUP,
            6,
            Width.SHORT,
            "Heartbeat interval (ms)");
  }

  /** Checks that the topics differ: a reader of a topic expects one kind of record in it. */
  public static void crossCheck(CrossChecks values) {
    Map<Object, String> keys = new HashMap<>();
    for (String key : List.of(TOPIC, GAPS_TOPIC, REJECTED_TOPIC, HEARTBEATS_TOPIC)) {
      Object topic = values.given(key);
      String other = topic == null ? null : keys.putIfAbsent(topic, key);
      if (other != null) {
        values.addError(key, "must be another topic than " + other);
      }
    }
  }

  /** The names of the source and of its topics. */
  public static TopicNames topicNames(AbstractConfig config) {
    return new TopicNames(
        config.getString(SOURCE_NAME),
        config.getString(TOPIC),
        config.getString(GAPS_TOPIC),
        config.getString(REJECTED_TOPIC),
        config.getString(HEARTBEATS_TOPIC));
  }

  /** The interval between heartbeats; zero for none. */
  public static Duration heartbeatInterval(AbstractConfig config) {
    return Duration.ofMillis(config.getLong(HEARTBEAT_INTERVAL_MS));
  }
}
