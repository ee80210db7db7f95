package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.auditor.evidence.TopicTick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the topics up to fixed ends. Not thread-safe. */
final class TopicReader {
  /** Kafka's timestamp of a record may differ from its receipt by as much as this. */
  private static final long AHEAD_MS = 60_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int READERS = 3;

  private final AuditedTopics topics;
  private final Map<String, Object> settings;

  TopicReader(AuditedTopics topics) {
    this.topics = topics;
    this.settings = new HashMap<>(topics.consumer());
    this.settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    // A record that a worker with exactly-once support aborted does not exist.
    this.settings.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
  }

  /** The ticks of all symbols. */
  static final class Ticks {
    private final TopicRange range;
    private final Map<SymbolKey, Map<TopicPartition, TickBuffer>> buffers = new HashMap<>();
    private final List<UnreadableRecord> unreadable = new ArrayList<>();

    Ticks(TopicRange range) {
      this.range = range;
    }

    /** Adds the ticks of other partitions. */
    private void add(Ticks other) {
      unreadable.addAll(other.unreadable);
      other.buffers.forEach(
          (key, partitions) ->
              buffers.merge(
                  key,
                  partitions,
                  (mine, others) -> {
                    mine.putAll(others);
                    return mine;
                  }));
    }

    Set<SymbolKey> symbols() {
      return new TreeSet<>(buffers.keySet());
    }

    List<UnreadableRecord> unreadable() {
      return unreadable;
    }

    /** Returns the records of a symbol, and removes them. */
    synchronized TopicRecords take(SymbolKey key) {
      return new TopicRecords(range.from(), range.until(), records(buffers.remove(key)));
    }

    /** Returns the records of a symbol without removing them. */
    synchronized Iterator<TopicTick> records(SymbolKey key) {
      return records(buffers.get(key));
    }

    private static Iterator<TopicTick> records(@Nullable Map<TopicPartition, TickBuffer> ofSymbol) {
      if (ofSymbol == null) {
        return List.<TopicTick>of().iterator();
      }
      Iterator<TickBuffer> partitions = ofSymbol.values().iterator();
      return new Iterator<>() {
        private Iterator<TopicTick> current = List.<TopicTick>of().iterator();

        @Override
        public boolean hasNext() {
          while (!current.hasNext() && partitions.hasNext()) {
            current = partitions.next().iterator();
          }
          return current.hasNext();
        }

        @Override
        public TopicTick next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return current.next();
        }
      };
    }
  }

  /**
   * The range of the topics of ticks.
   *
   * @param since epoch ms of receipt
   * @param until epoch ms of receipt; Long.MAX_VALUE for the current end
   * @throws AuditRefusedException if one of them does not exist
   */
  TopicRange rangeOfTicks(long since, long until) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : topics.ticks()) {
        List<TopicPartition> ofTopic = partitions(consumer, topic);
        if (ofTopic.isEmpty()) {
          throw new AuditRefusedException(
              "The topic " + topic + " does not exist. Set the names of your topics with --topics");
        }
        partitions.addAll(ofTopic);
      }
      return range(consumer, partitions, since, until);
    }
  }

  /**
   * The ends of all topics that the job reads, by the name of the partition.
   *
   * @throws AuditRefusedException if a topic of ticks does not exist
   */
  Map<String, Long> ends() {
    Map<String, Long> ends = new TreeMap<>();
    rangeOfTicks(Long.MIN_VALUE, Long.MAX_VALUE)
        .ends()
        .forEach((partition, end) -> ends.put(partition.toString(), end));
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> gaps = partitions(consumer, topics.gaps());
      consumer.assign(gaps);
      consumer.endOffsets(gaps).forEach((partition, end) -> ends.put(partition.toString(), end));
    }
    return ends;
  }

  /**
   * Reads ticks. It reads some partitions in parallel, because most of the work is parsing.
   *
   * @param wanted which sources
   * @param progress called from time to time with the number of records, from several threads
   */
  Ticks ticks(TopicRange range, Predicate<String> wanted, LongConsumer progress)
      throws InterruptedException {
    AtomicLong records = new AtomicLong();
    List<Callable<Ticks>> readers = new ArrayList<>();
    for (TopicRange part : range.split(READERS)) {
      readers.add(
          () -> {
            Ticks ticks = new Ticks(range);
            read(
                part,
                record -> {
                  take(record, wanted, ticks);
                  if (records.incrementAndGet() % 100_000 == 0) {
                    progress.accept(records.get());
                  }
                });
            return ticks;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    try {
      Ticks all = new Ticks(range);
      for (Future<Ticks> read : threads.invokeAll(readers)) {
        all.add(read.get());
      }
      return all;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void take(
      ConsumerRecord<byte[], byte[]> record, Predicate<String> wanted, Ticks ticks) {
    TickRecord read =
        TickRecord.read(
            new RecordPosition(record.topic(), record.partition(), record.offset()),
            record.value());
    if (read.source() != null && !wanted.test(read.source())) {
      return;
    }
    if (read.source() == null || read.symbol() == null || read.tick() == null) {
      ticks.unreadable.add(UnreadableRecord.of(read.position(), read.source(), read.symbol()));
      return;
    }
    ticks
        .buffers
        .computeIfAbsent(
            new SymbolKey(read.source(), read.symbol()),
            unseen -> new TreeMap<>(Comparator.comparing(TopicPartition::toString)))
        .computeIfAbsent(
            new TopicPartition(record.topic(), record.partition()),
            at -> new TickBuffer(at.topic().intern(), at.partition()))
        .add(record.offset(), read.tick());
  }

  /** The rejects of the job by source. */
  Map<String, List<Reject>> rejects(long since, RejectCheck check) {
    Map<String, List<Reject>> bySource = new HashMap<>();
    readTopic(
        topics.rejected(),
        since,
        (record, json) ->
            RecordJson.reject(json, check, topics.gaps())
                .ifPresent(
                    reject ->
                        bySource
                            .computeIfAbsent(
                                json.path("source").asText(), unseen -> new ArrayList<>())
                            .add(reject)));
    return bySource;
  }

  /** The newest heartbeat per source, since a time. */
  Map<String, Heartbeat> heartbeats(long since) {
    Map<String, Heartbeat> newest = new HashMap<>();
    readTopic(
        topics.heartbeats(),
        since,
        (record, json) ->
            Heartbeat.of(json)
                .ifPresent(
                    heartbeat ->
                        newest.merge(
                            heartbeat.source(),
                            heartbeat,
                            (old, next) -> next.sentAt() >= old.sentAt() ? next : old)));
    return newest;
  }

  /**
   * The gap records per symbol; a symbol without gaps has no entry. Empty if the topic does not
   * exist.
   */
  Optional<Map<SymbolKey, GapRecords>> gaps(long since) {
    Map<SymbolKey, List<GapRecords.GapRecord>> records = new HashMap<>();
    Optional<TopicRange> range =
        readTopic(
            topics.gaps(),
            since,
            (record, json) -> {
              Optional<Gap> gap = RecordJson.gap(json);
              if (gap.isPresent() && json.path("source").isTextual()) {
                RecordPosition position =
                    new RecordPosition(record.topic(), record.partition(), record.offset());
                records
                    .computeIfAbsent(
                        new SymbolKey(json.get("source").textValue(), gap.get().symbol()),
                        unseen -> new ArrayList<>())
                    .add(new GapRecords.GapRecord(position, gap.get()));
              }
            });
    return range.map(
        read ->
            records.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, of -> new GapRecords(read.from(), of.getValue()))));
  }

  private Optional<TopicRange> readTopic(
      String topic, long since, BiConsumer<ConsumerRecord<byte[], byte[]>, JsonNode> take) {
    TopicRange range;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      if (partitions.isEmpty()) {
        return Optional.empty();
      }
      range = range(consumer, partitions, since, Long.MAX_VALUE);
    }
    read(range, record -> take.accept(record, RecordJson.parse(record.value())));
    return Optional.of(range);
  }

  private void read(TopicRange range, Consumer<ConsumerRecord<byte[], byte[]>> take) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      consumer.assign(range.begins().keySet());
      range.begins().forEach(consumer::seek);
      new PartitionReader(consumer, TIMEOUT)
          .readTo(
              range.ends(),
              record -> {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < range.end(partition)) {
                  take.accept(record);
                }
              });
    }
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    return infos == null
        ? List.of()
        : infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private static TopicRange range(
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      long since,
      long until) {
    consumer.assign(partitions); // otherwise the client logs a warning for every answer
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
    if (until != Long.MAX_VALUE) {
      consumer
          .offsetsForTimes(
              partitions.stream().collect(Collectors.toMap(each -> each, each -> until)))
          .forEach(
              (partition, after) -> {
                if (after != null) {
                  ends.merge(partition, after.offset(), Math::min);
                }
              });
    }
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, OffsetAndTimestamp> wanted =
        consumer.offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(each -> each, each -> Math.max(0, since))));
    Map<TopicPartition, Long> begins = new HashMap<>();
    long from = Long.MIN_VALUE;
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = wanted.get(partition);
      long end = known(ends, partition);
      long beginning = known(beginnings, partition);
      begins.put(partition, first == null ? end : Math.min(first.offset(), end));
      boolean isCut = first != null && first.offset() > 0;
      boolean isExpired = beginning > 0;
      if (isCut || (isExpired && first == null)) {
        // The first record shows where the topic begins only if no earlier record has expired.
        long known =
            first != null && first.offset() == beginning
                ? Math.max(since, first.timestamp())
                : since;
        from = Math.max(from, known + AHEAD_MS);
      }
    }
    return new TopicRange(begins, ends, from, until == Long.MAX_VALUE ? until : until - AHEAD_MS);
  }

  private static long known(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return Objects.requireNonNull(offsets.get(partition), "Kafka answers for each partition");
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
