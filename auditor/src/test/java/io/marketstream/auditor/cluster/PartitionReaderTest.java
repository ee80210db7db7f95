package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A loop that never ends would also ignore an interrupt.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartitionReaderTest {
  private static final TopicPartition FIRST = new TopicPartition("market_data", 0);
  private static final TopicPartition SECOND = new TopicPartition("market_data", 1);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int RECORDS = 25;

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final PartitionReader reader = new PartitionReader(consumer, TIMEOUT);
  private final List<Long> taken = new ArrayList<>();

  @BeforeEach
  void assign() {
    consumer.assign(List.of(FIRST, SECOND));
    consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
  }

  @Test
  void aSilentPartitionEndsInATimeout() {
    consumer.addRecord(record(FIRST, 0));
    consumer.addRecord(record(FIRST, 1));
    consumer.addRecord(record(SECOND, 0));

    assertThatThrownBy(() -> read(Map.of(FIRST, 2L, SECOND, 5L)))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("no record for 2 s from {market_data-1=offset 1 of 5}");
    assertThat(taken).hasSize(3);
  }

  @Test
  void aSlowReadThatProgressesDoesNotTimeOut() {
    long begin = System.nanoTime();
    for (int offset = 0; offset < RECORDS; offset++) {
      ConsumerRecord<byte[], byte[]> record = record(FIRST, offset);
      consumer.schedulePollTask(() -> pause(TIMEOUT.dividedBy(RECORDS - 5)));
      consumer.schedulePollTask(() -> consumer.addRecord(record));
    }

    read(Map.of(FIRST, (long) RECORDS, SECOND, 0L));

    assertThat(taken).isEqualTo(LongStream.range(0, RECORDS).boxed().toList());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(TIMEOUT);
  }

  private void read(Map<TopicPartition, Long> ends) {
    reader.readTo(ends, record -> taken.add(record.offset()));
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
    return new ConsumerRecord<>(
        partition.topic(), partition.partition(), offset, new byte[0], new byte[0]);
  }
}
