package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topic to which one run copies ticks. The broker sets the times of its records. Closing
 * deletes the topic.
 */
final class CopiedTopic implements AutoCloseable {
  private static final int PARTITIONS = 6;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaBroker kafka;
  private final String name;
  private final int partitionCount;

  private CopiedTopic(KafkaBroker kafka, String name, int partitionCount) {
    this.kafka = kafka;
    this.name = name;
    this.partitionCount = partitionCount;
  }

  static CopiedTopic create(KafkaBroker kafka, String name) throws Exception {
    return create(kafka, name, PARTITIONS);
  }

  static CopiedTopic create(KafkaBroker kafka, String name, int partitionCount) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, Optional.of(partitionCount), Optional.empty())
                      .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
          .all()
          .get();
    }
    return new CopiedTopic(kafka, name, partitionCount);
  }

  private List<TopicPartition> partitions() {
    return IntStream.range(0, partitionCount)
        .mapToObj(partition -> new TopicPartition(name, partition))
        .toList();
  }

  private long count(Admin admin) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends =
        partitions().stream()
            .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** Returns how many records the broker has now. */
  long count() throws Exception {
    try (Admin admin = kafka.admin()) {
      return count(admin);
    }
  }

  /**
   * Waits until the broker has this many records.
   *
   * @return when it had them, epoch ms
   */
  long awaitRecords(long records) {
    return awaitRecords(records, Duration.ZERO);
  }

  /**
   * Waits for records that arrive at a steady rate.
   *
   * @param planned how long they take to arrive
   */
  long awaitRecords(long records, Duration planned) {
    try (Admin admin = kafka.admin()) {
      await("all records in " + name)
          .atMost(TIMEOUT.plus(planned))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> count(admin), seen -> seen >= records);
      return System.currentTimeMillis();
    }
  }

  /**
   * The times of one record.
   *
   * @param receivedAt when the connector read the tick from the socket, epoch ms
   * @param appendedAt when the broker had it, epoch ms
   */
  record Arrival(long eventTime, long receivedAt, long appendedAt) {
    static Arrival of(ConsumerRecord<byte[], byte[]> record, JsonNode tick) {
      return new Arrival(
          tick.get("event_time").asLong(), tick.get("received_at").asLong(), record.timestamp());
    }
  }

  /** Takes each record. */
  interface Visitor {
    void visit(ConsumerRecord<byte[], byte[]> record, JsonNode tick);
  }

  /**
   * Reads all records that the topic has now.
   *
   * @return the number of records
   */
  long visit(Visitor visitor) throws IOException {
    List<TopicPartition> partitions = partitions();
    long records = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      long end =
          consumer.endOffsets(partitions).values().stream().mapToLong(offset -> offset).sum();
      while (records < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(20))) {
          visitor.visit(record, JSON.readTree(record.value()));
          records++;
        }
      }
    }
    return records;
  }

  /**
   * Fails unless the ticks of each symbol are numbered in their order, from 0 without a hole, under
   * their symbol.
   *
   * @param ticks the required number of ticks
   * @param holes whether some numbers may be missing
   */
  void assertNumbered(long ticks, int symbols, boolean holes) throws IOException {
    Map<String, Long> next = new HashMap<>();
    long records =
        visit(
            (record, tick) -> {
              String symbol = tick.get("symbol").asText();
              long sequence = tick.get("sequence").asLong();
              long expected = next.getOrDefault(symbol, 0L);
              if (holes ? sequence < expected : sequence != expected) {
                throw new AssertionError(
                    symbol + " has sequence " + sequence + " where " + expected + " was due");
              }
              assertThat(record.key()).asString().isEqualTo(symbol);
              next.put(symbol, sequence + 1);
            });
    assertThat(records).as("records").isEqualTo(ticks);
    assertThat(next).as("symbols").hasSize(symbols);
  }

  /**
   * Waits until every tick that was sent is either here or in a gap that says how many the
   * connector dropped, and fails if they are more.
   *
   * @return how many were dropped
   */
  long awaitAccounted(CopiedTopic gaps, long ticks) {
    long[] dropped = new long[1];
    await("records in " + name + " and dropped ticks in " + gaps.name)
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              dropped[0] = 0;
              gaps.visit((record, gap) -> dropped[0] += gap.path("dropped").asLong());
              return count() + dropped[0];
            },
            seen -> seen >= ticks);
    return dropped[0];
  }

  @Override
  public void close() {
    try (Admin admin = kafka.admin()) {
      admin.deleteTopics(List.of(name)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot delete " + name, e);
    } catch (InterruptedException e) {
      throw BenchStores.interrupted(e);
    }
  }
}
