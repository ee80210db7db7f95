package io.marketstream.auditor;

import java.io.Serializable;

/** Where a record stands in a topic. */
public record TopicPlace(String topic, int partition, long offset) implements Serializable {
  boolean isInSamePartition(TopicPlace other) {
    return topic.equals(other.topic) && partition == other.partition;
  }

  @Override
  public String toString() {
    return topic + " partition " + partition + " offset " + offset;
  }
}
