package io.marketstream.spark.kafka;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a Kafka cluster and of the job's topics in it.
 *
 * <p>Names are not enough to know which records an offset refers to: a topic that is deleted and
 * created again keeps its name.
 *
 * @param clusterId null if the brokers have no cluster id
 * @param topics the job's topics that exist, in the order of the options; the gaps topic is last
 * @param topicIds id by topic name, for existing topics with an id
 */
public record KafkaClusterInfo(
    @Nullable String clusterId, List<String> topics, Map<String, String> topicIds) {
  public KafkaClusterInfo {
    topics = List.copyOf(topics);
    topicIds = Map.copyOf(topicIds);
  }
}
