package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.local.component.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
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

/** The topic that one run copies ticks to. The broker stamps its records. Closing it deletes it. */
final class CopiedTopic implements AutoCloseable {
  private static final int PARTITIONS = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaBroker kafka;
  private final String name;

  private CopiedTopic(KafkaBroker kafka, String name) {
    this.kafka = kafka;
    this.name = name;
  }

  static CopiedTopic create(KafkaBroker kafka, String name) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, Optional.of(PARTITIONS), Optional.empty())
                      .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
          .all()
          .get();
    }
    return new CopiedTopic(kafka, name);
  }

  String name() {
    return name;
  }

  private List<TopicPartition> partitions() {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new TopicPartition(name, partition))
        .toList();
  }

  /** How many records the broker has. */
  private static long count(Admin admin, List<TopicPartition> partitions)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends =
        partitions.stream()
            .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** How many records the broker has now. */
  long count() throws Exception {
    try (Admin admin = kafka.admin()) {
      return count(admin, partitions());
    }
  }

  /**
   * Waits until the broker has this many records.
   *
   * @return epoch ms at which it was seen to have them
   */
  long awaitRecords(long records) {
    try (Admin admin = kafka.admin()) {
      await("all records in " + name)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> count(admin, partitions()), seen -> seen >= records);
      return System.currentTimeMillis();
    }
  }

  /**
   * What each record was when the broker got it.
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

  /** Reads all records that the topic has now. */
  long visit(Visitor visitor) throws IOException {
    return visit(partitions(), visitor);
  }

  private long visit(List<TopicPartition> partitions, Visitor visitor) throws IOException {
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
   * Fails unless every tick is there once, numbered from 0 without a hole, under its symbol.
   *
   * @param ticks how many were sent
   */
  void assertComplete(long ticks, int symbols) throws IOException {
    Map<String, BitSet> sequences = new HashMap<>();
    long records = visit((record, tick) -> number(sequences, record, tick));
    assertThat(records).as("records, each tick once").isEqualTo(ticks);
    assertThat(sequences).hasSize(symbols);
    assertThat(sequences.values().stream().mapToLong(BitSet::cardinality).sum())
        .as("ticks of their own")
        .isEqualTo(ticks);
    assertThat(sequences.values())
        .allSatisfy(numbers -> assertThat(numbers.length()).isEqualTo(numbers.cardinality()));
  }

  private static void number(
      Map<String, BitSet> sequences, ConsumerRecord<byte[], byte[]> record, JsonNode tick) {
    String symbol = tick.get("symbol").asText();
    assertThat(record.key()).asString().isEqualTo(symbol);
    sequences.computeIfAbsent(symbol, unseen -> new BitSet()).set(tick.get("sequence").asInt());
  }

  /**
   * Waits until every tick that was sent is either here or in a gap that says how many the
   * connector dropped, and fails if they are more.
   *
   * @param gaps the topic of the gaps, of one partition
   * @return how many were dropped
   */
  long awaitAccounted(String gaps, long ticks) {
    List<TopicPartition> gapPartition = List.of(new TopicPartition(gaps, 0));
    long[] dropped = new long[1];
    try (Admin admin = kafka.admin()) {
      await("records in " + name + " and dropped ticks in " + gaps)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                dropped[0] = 0;
                visit(gapPartition, (record, gap) -> dropped[0] += gap.path("dropped").asLong());
                return count(admin, partitions()) + dropped[0];
              },
              seen -> seen >= ticks);
    }
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
