package io.marketstream.local.measure;

import io.marketstream.model.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the records that this run brings into the three topics: all records after the end offsets
 * at the time of {@link #begin()}.
 *
 * <p>A thread of its own reads. Any thread may ask for the counts.
 */
public final class TopicReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
  private static final String TICKS = Topics.TICKS;
  private static final String GAPS = Topics.GAPS;
  private static final String REJECTED = Topics.REJECTED;
  private static final Duration TOPIC_POLL_INTERVAL = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final TickLedger ticks;
  private final Map<String, Boolean> known = new HashMap<>();
  private final Thread thread = new Thread(this::run, "topic-reader");
  private final Set<String> gaps = new HashSet<>();
  private final Set<String> rejectOrigins = new HashSet<>();
  private long connectorRejects;
  private volatile boolean closed;

  /**
   * Creates a reader that does not read yet.
   *
   * @param ticks receives the ticks
   */
  public TopicReader(String bootstrapServers, TickLedger ticks) {
    this(
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                1_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer()),
        ticks);
  }

  TopicReader(Consumer<byte[], byte[]> consumer, TickLedger ticks) {
    this.consumer = consumer;
    this.ticks = ticks;
  }

  /** Seeks to the current ends of the topics and reads from there. Call it before producers. */
  public void begin() {
    assignNewTopics();
    if (!consumer.assignment().isEmpty()) {
      consumer.seekToEnd(consumer.assignment());
      consumer.assignment().forEach(consumer::position);
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the number of gaps. The open and the closed record of a gap count once. */
  public synchronized long gaps() {
    return gaps.size();
  }

  /** Returns the number of rejects. A record that the job repeats counts once, by its origin. */
  public synchronized long rejected() {
    return connectorRejects + rejectOrigins.size();
  }

  /**
   * Returns the number of ticks that the job rejected. They are in the topic and not in the table.
   */
  public synchronized long ticksRejectedByJob() {
    return rejectOrigins.stream().filter(origin -> origin.matches(TICKS + "-\\d+-\\d+")).count();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    consumer.wakeup();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long looked = System.nanoTime();
    try (consumer) {
      while (!closed) {
        try {
          if (known.size() < 3 && System.nanoTime() - looked > TOPIC_POLL_INTERVAL.toNanos()) {
            looked = System.nanoTime();
            assignNewTopics();
          }
          if (consumer.assignment().isEmpty()) {
            Thread.sleep(100);
          } else {
            consumer.poll(Duration.ofMillis(200)).forEach(this::take);
          }
        } catch (RetriableException e) {
          LOG.warn("The broker does not answer; asking again", e);
        }
      }
    } catch (WakeupException | InterruptedException e) {
      LOG.debug("closed", e);
    } catch (KafkaException e) {
      LOG.error("Cannot read the topics any more; their counts no longer change", e);
    }
  }

  /**
   * Assigns topics that have appeared. Connectors create them with their first record, so all
   * records of a new topic are of this run.
   */
  private void assignNewTopics() {
    List<TopicPartition> all = new ArrayList<>(consumer.assignment());
    for (String topic : List.of(TICKS, GAPS, REJECTED)) {
      if (!known.containsKey(topic)) {
        List<TopicPartition> fresh =
            partitions(topic).stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        if (!fresh.isEmpty()) {
          known.put(topic, true);
          all.addAll(fresh);
        }
      }
    }
    if (all.size() > consumer.assignment().size()) {
      consumer.assign(all);
    }
  }

  private List<Integer> partitions(String topic) {
    var found = consumer.partitionsFor(topic, Duration.ofSeconds(10));
    return found == null ? List.of() : found.stream().map(info -> info.partition()).toList();
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    switch (record.topic()) {
      case TICKS -> StreamRecord.parse(record.value()).ifPresent(this::takeTick);
      case GAPS -> StreamRecord.parse(record.value()).ifPresent(this::takeGap);
      default -> StreamRecord.parse(record.value()).ifPresent(this::takeReject);
    }
  }

  private void takeTick(StreamRecord tick) {
    tick.number("event_time")
        .ifPresent(
            time ->
                tick.number("session")
                    .ifPresent(
                        session ->
                            tick.number("sequence")
                                .ifPresent(
                                    sequence ->
                                        ticks.add(
                                            TickLedger.Partition.of(
                                                tick.text("source"),
                                                tick.text("symbol"),
                                                Instant.ofEpochMilli(time)),
                                            session,
                                            sequence))));
  }

  private synchronized void takeGap(StreamRecord gap) {
    gaps.add(
        String.join(
            "\n",
            gap.text("source"),
            gap.text("symbol"),
            gap.text("gap_start"),
            gap.text("session_before"),
            gap.text("first_missing")));
  }

  /** Only rejects of the job have an origin. */
  private synchronized void takeReject(StreamRecord reject) {
    String origin = reject.text("origin");
    if (origin.isEmpty()) {
      connectorRejects++;
    } else {
      rejectOrigins.add(origin);
    }
  }
}
