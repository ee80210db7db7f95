package io.marketstream.repair;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.StoredTick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The records of a connector in its topics, each read once. It survives a kill of the broker. Not
 * safe for several threads.
 */
final class TradeTopics implements AutoCloseable {

  private static final String TICKS = "market_data";
  private static final String GAPS = "market_data_gaps";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaConsumer<String, String> consumer;
  private final Set<TopicPartition> partitions = new HashSet<>();
  private final List<StoredTick> ticks = new ArrayList<>();
  private final List<GapRow> gaps = new ArrayList<>();

  TradeTopics(KafkaBroker kafka) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false),
            new StringDeserializer(),
            new StringDeserializer());
  }

  /** Reads what is new, up to the present ends of the topics. */
  void read() {
    assign(TICKS);
    assign(GAPS); // the worker creates it for the first gap
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
      consumer.poll(Duration.ofMillis(200)).forEach(this::add);
    }
  }

  private void assign(String topic) {
    if (partitions.stream().anyMatch(each -> each.topic().equals(topic))) {
      return;
    }
    List<TopicPartition> found =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    partitions.addAll(found);
    consumer.assign(partitions);
    consumer.seekToBeginning(found);
  }

  private void add(ConsumerRecord<String, String> record) {
    try {
      if (record.topic().equals(TICKS)) {
        ticks.add(StoredTick.of(JSON.readTree(record.value())));
      } else {
        gaps.add(GapRow.of(JSON.readTree(record.value())));
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError("a value of " + record.topic() + " is not JSON", e);
    }
  }

  /** Returns the ticks that were read, in the order of each product. */
  List<StoredTick> ticks() {
    return ticks;
  }

  /** Returns the records of gaps that were read, in order. */
  List<GapRow> gaps() {
    return gaps;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
