package io.marketstream.pipeline.job;

import io.marketstream.embedded.component.KafkaBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A record to write.
 *
 * @param key decides the partition; null for any
 * @param value null for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared
record TopicRecord(String topic, String key, byte[] value) {

  /**
   * Writes records in their order. Returns when the broker has all of them.
   *
   * <p>It sends one request at a time, like Connect's producers. On a new partition the broker may
   * refuse the first of two requests and accept the second. It then refuses the first for ever as
   * out of sequence.
   *
   * @throws IllegalStateException if the broker did not take one of them
   */
  static void publish(KafkaBroker kafka, List<TopicRecord> records) {
    // Kafka only logs an exception of a callback.
    AtomicReference<Exception> failed = new AtomicReference<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config(kafka), new StringSerializer(), new ByteArraySerializer())) {
      records.forEach(
          record -> {
            var unused =
                producer.send(
                    new ProducerRecord<>(record.topic(), record.key(), record.value()),
                    (metadata, failure) -> failed.compareAndSet(null, failure));
          });
      producer.flush();
    }
    if (failed.get() != null) {
      throw new IllegalStateException("a record was not written", failed.get());
    }
  }

  /** Writes records in a transaction and aborts it, as for a fenced worker. */
  static void publishAndAbort(KafkaBroker kafka, List<TopicRecord> records) {
    Map<String, Object> config = new HashMap<>(config(kafka));
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "aborting-" + records.get(0).topic());
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      records.forEach(
          record -> {
            var unused =
                producer.send(new ProducerRecord<>(record.topic(), record.key(), record.value()));
          });
      producer.flush();
      producer.abortTransaction();
    }
  }

  private static Map<String, Object> config(KafkaBroker kafka) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        kafka.bootstrapServers(),
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
        1);
  }
}
