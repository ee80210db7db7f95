package io.marketstream.spark.record;

import java.util.Comparator;

/**
 * The position of a record in Kafka. Positions are ordered by topic, partition and offset.
 *
 * <p>The fold sorts the ticks of a batch by position, because Spark's shuffle delivers them in any
 * order.
 *
 * @param topic name of the topic
 * @param partition from 0
 * @param offset from 0
 */
public record RecordPosition(String topic, int partition, long offset)
    implements Comparable<RecordPosition> {

  private static final Comparator<RecordPosition> ORDER =
      Comparator.comparing(RecordPosition::topic)
          .thenComparingInt(RecordPosition::partition)
          .thenComparingLong(RecordPosition::offset);

  @Override
  public int compareTo(RecordPosition other) {
    return ORDER.compare(this, other);
  }

  /** Returns the position as rejects name it: {@code topic-partition-offset}. */
  public String origin() {
    return topic + "-" + partition + "-" + offset;
  }
}
