package io.marketstream.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.KafkaBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic from its beginning to its present end. */
public final class TopicContents {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TopicContents() {}

  /** Returns the values of a topic, when it has at least this many or the time is over. */
  public static List<JsonNode> values(
      KafkaBroker kafka, String topic, int atLeast, Duration atMost) {
    Instant end = Instant.now().plus(atMost);
    List<JsonNode> values;
    do {
      values = values(kafka, topic);
    } while (values.size() < atLeast && Instant.now().isBefore(end));
    return values;
  }

  /** Returns the values of a topic, null for a tombstone; empty if the topic does not exist. */
  public static List<JsonNode> values(KafkaBroker kafka, String topic) {
    List<JsonNode> values = new ArrayList<>();
    for (ConsumerRecord<String, String> record : records(kafka, topic)) {
      try {
        values.add(record.value() == null ? null : JSON.readTree(record.value()));
      } catch (JsonProcessingException e) {
        throw new AssertionError("a value of " + topic + " is not JSON", e);
      }
    }
    return values;
  }

  /** Returns the names of the topics that exist. */
  public static Set<String> topics(KafkaBroker kafka) {
    try (Admin admin = kafka.admin()) {
      return admin.listTopics().names().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the broker does not list its topics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /**
   * Returns the records of a topic as text; empty if the topic does not exist. Skips records of
   * transactions that were not committed, as readers of an exactly-once worker's topics should.
   */
  public static List<ConsumerRecord<String, String>> records(KafkaBroker kafka, String topic) {
    return records(kafka, topic, new StringDeserializer());
  }

  /** Returns the same records as they are. */
  public static List<ConsumerRecord<byte[], byte[]>> bytes(KafkaBroker kafka, String topic) {
    return records(kafka, topic, new ByteArrayDeserializer());
  }

  private static <T> List<ConsumerRecord<T, T>> records(
      KafkaBroker kafka, String topic, Deserializer<T> deserializer) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka.bootstrapServers(),
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");
    try (KafkaConsumer<T, T> consumer = new KafkaConsumer<>(config, deserializer, deserializer)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<T, T>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }
}
