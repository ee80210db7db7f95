package io.marketstream.spark.kafka;

import java.util.Map;

/**
 * Which cluster and which topics the offsets of a checkpoint belong to. A name is not enough: a
 * topic that is deleted and created again keeps its name, and so does one of another cluster.
 *
 * @param clusterId null where the brokers have none
 * @param topicIds by the names of the topics that exist and have an id
 */
public record KafkaIdentity(String clusterId, Map<String, String> topicIds) {
  public KafkaIdentity {
    topicIds = Map.copyOf(topicIds);
  }
}
