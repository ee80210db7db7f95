package io.marketstream.auditor.evidence;

import java.io.Serializable;

/** The position of a record in a topic. */
public record RecordPosition(String topic, int partition, long offset) implements Serializable {
  public boolean isInSamePartition(RecordPosition other) {
    return topic.equals(other.topic) && partition == other.partition;
  }

  @Override
  public String toString() {
    return topic + " partition " + partition + " offset " + offset;
  }
}
