package io.marketstream.auditor.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the partitions of a consumer up to given offsets, with a timeout. */
final class PartitionReader {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration timeout;

  /**
   * @param consumer a consumer with assigned partitions, positioned at the first record to read
   * @param timeout how long to wait without progress in any partition
   */
  PartitionReader(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = consumer;
    this.timeout = timeout;
  }

  /**
   * Reads at least up to these offsets. It may pass on later records as well.
   *
   * @throws TimeoutException if there is no progress before all partitions have reached their end
   */
  void readTo(
      Map<TopicPartition, Long> ends,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> take) {
    Map<String, String> left = left(ends);
    long movedAt = System.nanoTime();
    while (!left.isEmpty()) {
      consumer.poll(POLL).forEach(take);
      Map<String, String> now = left(ends);
      if (!now.equals(left)) {
        left = now;
        movedAt = System.nanoTime();
      } else if (System.nanoTime() - movedAt > timeout.toNanos()) {
        throw new TimeoutException("no record for " + timeout.toSeconds() + " s from " + left);
      }
    }
  }

  /** Describes the partitions that are not read to their end. */
  private Map<String, String> left(Map<TopicPartition, Long> ends) {
    Map<String, String> left = new TreeMap<>();
    ends.forEach(
        (partition, end) -> {
          long position = consumer.position(partition);
          if (position < end) {
            left.put(partition.toString(), "offset " + position + " of " + end);
          }
        });
    return left;
  }
}
