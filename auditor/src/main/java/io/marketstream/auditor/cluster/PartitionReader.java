package io.marketstream.auditor.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the partitions assigned to a consumer, and does not wait for brokers for ever. */
final class PartitionReader {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration patience;

  /**
   * @param consumer assigned, and where the reading is to begin
   * @param patience how long no partition may bring anything
   */
  PartitionReader(Consumer<byte[], byte[]> consumer, Duration patience) {
    this.consumer = consumer;
    this.patience = patience;
  }

  /**
   * Reads up to these offsets, and a little more where there is more.
   *
   * @throws TimeoutException if nothing more comes from a partition that has not reached its end
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
      } else if (System.nanoTime() - movedAt > patience.toNanos()) {
        throw new TimeoutException(
            "for " + patience.toSeconds() + " s nothing more has come of " + left);
      }
    }
  }

  /** What is still to be read, as a reader of the failure wants it. */
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
