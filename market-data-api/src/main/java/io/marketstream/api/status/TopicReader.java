package io.marketstream.api.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the ends of topics, and the newest heartbeats. Not thread-safe. */
final class TopicReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(200);

  /** Hours of heartbeats of some connectors. */
  private static final long MAX_HEARTBEATS = 5_000;

  private final StatusTarget.Kafka topics;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * The ends of topics.
   *
   * @param at a time of {@link System#nanoTime}
   */
  record Ends(Map<String, Long> byPartition, long at) {}

  TopicReader(StatusTarget.Kafka topics, Duration timeout) {
    this.topics = topics;
    Map<String, Object> settings = new HashMap<>(topics.settings());
    int timeoutMs = Math.toIntExact(timeout.toMillis());
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // The job reads so, too: an open transaction is not lag.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The ends of the topics of ticks and gaps, by names such as {@code market_data-0}. */
  Ends ends() {
    List<TopicPartition> partitions = new ArrayList<>();
    topics.ticks().forEach(topic -> partitions.addAll(partitions(topic)));
    partitions.addAll(partitions(topics.gaps()));
    Map<String, Long> ends = new TreeMap<>();
    consumer.endOffsets(partitions).forEach((each, end) -> ends.put(each.toString(), end));
    return new Ends(ends, System.nanoTime());
  }

  /** The newest heartbeat of each source. */
  Collection<Heartbeat> heartbeats() {
    List<TopicPartition> partitions = partitions(topics.heartbeats());
    if (partitions.isEmpty()) {
      return List.of();
    }
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    ends.forEach(
        (each, end) ->
            consumer.seek(each, Math.max(begins.getOrDefault(each, 0L), end - MAX_HEARTBEATS)));
    Map<String, Heartbeat> newest = new HashMap<>();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(record -> add(record.value(), newest));
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    return newest.values();
  }

  private static void add(byte[] value, Map<String, Heartbeat> newest) {
    if (value == null) {
      return; // a tombstone
    }
    try {
      Heartbeat.of(JSON.readTree(value))
          .ifPresent(
              found ->
                  newest.merge(found.source(), found, (a, b) -> b.sentAt() >= a.sentAt() ? b : a));
    } catch (IOException e) {
      // not a heartbeat
    }
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(each -> new TopicPartition(each.topic(), each.partition()))
        .toList();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
