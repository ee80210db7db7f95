package io.marketstream.spark.record;

import java.util.Comparator;

/**
 * Where a record stands in Kafka. Positions are ordered by topic, partition and offset: the order
 * in which one micro-batch is folded, whatever order Spark's shuffle delivers it in.
 *
 * @param topic never null
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

  /** The position as rejected records name it: {@code topic-partition-offset}. */
  public String origin() {
    return topic + "-" + partition + "-" + offset;
  }
}
