package io.marketstream.auditor.cluster;

import io.marketstream.model.Topics;
import java.util.List;
import java.util.Map;

/**
 * The brokers, and the names of the topics.
 *
 * @param consumer settings of the consumer, including the bootstrap servers
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

  /** Creates the topics with their default names. */
  public static AuditedTopics standard(String bootstrapServers) {
    return new AuditedTopics(
        Map.of("bootstrap.servers", bootstrapServers),
        List.of(Topics.TICKS),
        Topics.GAPS,
        Topics.REJECTED,
        Topics.HEARTBEATS);
  }

  /** Leaves out the settings, because they may contain a login. */
  @Override
  public String toString() {
    return consumer.get("bootstrap.servers") + " " + ticks + " " + gaps + " " + rejected;
  }
}
