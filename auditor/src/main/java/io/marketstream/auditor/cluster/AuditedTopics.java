package io.marketstream.auditor.cluster;

import io.marketstream.model.Topics;
import java.util.List;
import java.util.Map;

/**
 * Where the topics are.
 *
 * @param consumer settings, bootstrap servers included
 * @param ticks the topics of ticks
 * @param gaps the topic of gaps; it need not exist
 * @param rejected the topic of rejects; it need not exist
 * @param heartbeats the topic of heartbeats; it need not exist
 */
public record AuditedTopics(
    Map<String, Object> consumer,
    List<String> ticks,
    String gaps,
    String rejected,
    String heartbeats) {
  public AuditedTopics {
    consumer = Map.copyOf(consumer);
    ticks = List.copyOf(ticks);
  }

  /** By the names that connectors and job have by default. */
  public static AuditedTopics standard(String bootstrapServers) {
    return new AuditedTopics(
        Map.of("bootstrap.servers", bootstrapServers),
        List.of(Topics.TICKS),
        Topics.GAPS,
        Topics.REJECTED,
        Topics.HEARTBEATS);
  }

  /** A login may be among the settings. */
  @Override
  public String toString() {
    return consumer.get("bootstrap.servers") + " " + ticks + " " + gaps + " " + rejected;
  }
}
