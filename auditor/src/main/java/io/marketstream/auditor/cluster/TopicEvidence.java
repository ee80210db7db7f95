package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.auditor.AuditRefusal;
import io.marketstream.auditor.Reject;
import io.marketstream.auditor.SymbolKey;
import io.marketstream.auditor.TopicPlace;
import io.marketstream.auditor.TopicTick;
import io.marketstream.auditor.TopicTicks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topics of ticks and rejects, read from some time on to what is their end by then. All of it
 * is held in memory, about 950 bytes a tick.
 */
final class TopicEvidence {
  /** Event times may be ahead of the receipt by the job's tolerance, and by as much as this. */
  private static final long AHEAD_MS = 60_000;

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final AuditedTopics topics;
  private final Map<String, Object> settings;
  private long from = Long.MIN_VALUE;
  private final Map<SymbolKey, List<TopicTick>> ticks = new TreeMap<>();
  private final Map<String, List<Reject>> rejectsBySource = new HashMap<>();

  TopicEvidence(AuditedTopics topics) {
    this.topics = topics;
    this.settings = new HashMap<>(topics.consumer());
    this.settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    // What a worker with exactly-once support took back was never there.
    this.settings.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
  }

  /**
   * Reads both topics anew.
   *
   * @param since epoch ms of receipt
   * @throws AuditRefusal if a topic of ticks does not exist
   * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
   */
  TopicEvidence read(long since, Predicate<SymbolKey> wanted) {
    ticks.clear();
    rejectsBySource.clear();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      from = Long.MIN_VALUE;
      for (String topic : topics.ticks()) {
        if (!readTopic(consumer, topic, since, (record, json) -> takeTick(record, json, wanted))) {
          throw new AuditRefusal("There is no topic " + topic + ". Name yours with --topics");
        }
      }
      long ticksFrom = from;
      readTopic(consumer, topics.rejected(), since, (record, json) -> takeReject(json));
      from = ticksFrom;
    }
    return this;
  }

  Set<SymbolKey> symbols() {
    return ticks.keySet();
  }

  TopicTicks ticks(SymbolKey key) {
    return new TopicTicks(from, ticks.getOrDefault(key, List.of()));
  }

  List<Reject> rejects(String source) {
    return rejectsBySource.getOrDefault(source, List.of());
  }

  private void takeTick(
      ConsumerRecord<byte[], byte[]> record, JsonNode json, Predicate<SymbolKey> wanted) {
    RecordJson.key(json)
        .filter(wanted)
        .ifPresent(
            key ->
                RecordJson.tick(json)
                    .ifPresent(
                        tick ->
                            ticks
                                .computeIfAbsent(key, unseen -> new ArrayList<>())
                                .add(
                                    new TopicTick(
                                        new TopicPlace(
                                            record.topic(), record.partition(), record.offset()),
                                        tick))));
  }

  private void takeReject(JsonNode json) {
    RecordJson.reject(json)
        .ifPresent(
            reject ->
                rejectsBySource
                    .computeIfAbsent(json.path("source").asText(), unseen -> new ArrayList<>())
                    .add(reject));
  }

  /** Whether there is such a topic. */
  private boolean readTopic(
      KafkaConsumer<byte[], byte[]> consumer,
      String topic,
      long since,
      BiConsumer<ConsumerRecord<byte[], byte[]>, JsonNode> take) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      return false;
    }
    List<TopicPartition> partitions =
        infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    seek(consumer, partitions, since);
    new PartitionReader(consumer, PATIENCE)
        .readTo(ends, record -> take.accept(record, RecordJson.parse(record.value())));
    return true;
  }

  private void seek(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, long since) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, OffsetAndTimestamp> wanted =
        consumer.offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(each -> each, each -> Math.max(0, since))));
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = wanted.get(partition);
      if (first == null) {
        consumer.seekToEnd(List.of(partition)); // nothing is that young
      } else {
        consumer.seek(partition, first.offset());
      }
      boolean cut = first != null && first.offset() > 0;
      boolean expired = beginnings.get(partition) > 0;
      if (cut || (expired && first == null)) {
        long known = first == null ? since : Math.max(since, first.timestamp());
        from = Math.max(from, known + AHEAD_MS);
      }
    }
  }
}
