package io.marketstream.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.local.component.KafkaBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic from its beginning to what is its end by then. */
final class TopicReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TopicReader() {}

  /** The values of a topic, once it holds at least {@code atLeast} or the time is over. */
  static List<JsonNode> values(KafkaBroker kafka, String topic, int atLeast, Duration atMost) {
    Instant end = Instant.now().plus(atMost);
    List<JsonNode> values;
    do {
      values = values(kafka, topic);
    } while (values.size() < atLeast && Instant.now().isBefore(end));
    return values;
  }

  private static List<JsonNode> values(KafkaBroker kafka, String topic) {
    Map<String, Object> config =
        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<JsonNode> values = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(JSON.readTree(record.value()));
        }
      }
      return values;
    } catch (JsonProcessingException e) {
      throw new AssertionError("a value of " + topic + " is not JSON", e);
    }
  }
}
