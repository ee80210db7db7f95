package io.marketstream.local.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uses Kafka's own in-memory consumer. The tests of pipeline-tests use the real one. */
class TopicReaderTest {
  private static final long SESSION = 1_795_000_000_000L;

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final TickLedger ticks = new TickLedger(Instant.ofEpochMilli(SESSION));
  private final TopicReader reader = new TopicReader(consumer, ticks);
  private final java.util.Map<String, Long> offsets = new java.util.HashMap<>();

  @BeforeEach
  void threeTopics() {
    for (String topic : List.of("market_data", "market_data_gaps", "market_data_rejected")) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.updatePartitions(
          topic, List.of(new PartitionInfo(topic, 0, Node.noNode(), null, null)));
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      consumer.updateEndOffsets(Map.of(partition, 0L));
    }
    reader.begin();
  }

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void ticksAreCountedByIdentityAndThoseOfOlderSessionsNot() {
    send("market_data", "AAPL", tick("AAPL", SESSION, 0));
    send("market_data", "AAPL", tick("AAPL", SESSION, 0));
    send("market_data", "AAPL", tick("AAPL", SESSION, 1));
    send("market_data", "AAPL", tick("AAPL", SESSION - 1, 9));
    send("market_data", "AAPL", "not JSON");
    send("market_data", "MSFT", tick("MSFT", SESSION, 0));

    await().untilAsserted(() -> assertThat(ticks.size()).isEqualTo(3));
  }

  @Test
  void anOpenGapAndItsClosingAreOneGap() {
    String open =
        "{\"source\":\"s\",\"symbol\":\"AAPL\",\"gap_start\":5,\"session_before\":1,\"first_missing\":3";
    send("market_data_gaps", "AAPL", open + ",\"gap_end\":null}");
    send("market_data_gaps", "AAPL", open + ",\"gap_end\":9}");
    send("market_data_gaps", "MSFT", open.replace("AAPL", "MSFT") + "}");

    await().untilAsserted(() -> assertThat(reader.gaps()).isEqualTo(2));
  }

  @Test
  void aRejectThatTheJobRepeatsCountsOnceAndThoseOfConnectorsEach() {
    String ofTheJob = "{\"source\":\"finnhub\",\"origin\":\"market_data-0-17\"}";
    send("market_data_rejected", "market_data-0-17", ofTheJob);
    send("market_data_rejected", "market_data-0-17", ofTheJob);
    String ofAConnector = "{\"source\":\"finnhub\",\"origin\":null}";
    send("market_data_rejected", "finnhub", ofAConnector);
    send("market_data_rejected", "finnhub", ofAConnector);

    await().untilAsserted(() -> assertThat(reader.rejected()).isEqualTo(3));
  }

  private void send(String topic, String key, String value) {
    long offset = offsets.merge(topic, 1L, Long::sum) - 1;
    consumer.schedulePollTask(
        () -> consumer.addRecord(new ConsumerRecord<>(topic, 0, offset, bytes(key), bytes(value))));
  }

  private static String tick(String symbol, long session, long sequence) {
    return "{\"source\":\"s\",\"kind\":\"trade\",\"symbol\":\"%s\",\"price\":\"1.5\",\"conditions\":[\"1\"],"
            .formatted(symbol)
        + "\"event_time\":%d,\"received_at\":%d,\"session\":%d,\"sequence\":%d}"
            .formatted(session, session, session, sequence);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
