package io.marketstream.feed.config;

import io.marketstream.feed.record.TopicNames;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys that say where records go. */
public final class RecordsConfig {

  public static final String TOPIC = "topic";
  public static final String GAPS_TOPIC = "gaps.topic";
  public static final String REJECTED_TOPIC = "rejected.topic";
  public static final String SOURCE_NAME = "source.name";
  private static final String GROUP = "Records";

  private RecordsConfig() {}

  /**
   * @param defaultSource the default of {@code source.name}
   */
  public static ConfigDef update(ConfigDef def, String defaultSource) {
    return def.define(
            TOPIC,
            Type.STRING,
            "market_data",
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
            "market_data_gaps",
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
            "market_data_rejected",
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
            "Source name");
  }

  public static TopicNames topicNames(AbstractConfig config) {
    return new TopicNames(
        config.getString(SOURCE_NAME),
        config.getString(TOPIC),
        config.getString(GAPS_TOPIC),
        config.getString(REJECTED_TOPIC));
  }
}
