package io.marketstream.spark.kafka;

import java.util.List;
import java.util.Map;

/**
 * Which cluster and which topics the offsets of a checkpoint belong to. A name is not enough: a
 * topic that is deleted and created again keeps its name, and so does one of another cluster.
 *
 * @param clusterId null where the brokers have none
 * @param topics those of the job's that exist, in the order of the options; that of gaps comes last
 * @param topicIds by the names of the topics that exist and have an id
 */
public record KafkaIdentity(String clusterId, List<String> topics, Map<String, String> topicIds) {
  public KafkaIdentity {
    topics = List.copyOf(topics);
    topicIds = Map.copyOf(topicIds);
  }
}
