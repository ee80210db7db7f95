package io.marketstream.spark.kafka;

import io.marketstream.spark.record.Reject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the rejects of one task to Kafka.
 *
 * <p>Delivery is at-least-once; the key of a record identifies a repeated reject. All tasks of a
 * JVM share one producer. The first reject creates it, and the end of the job closes it.
 *
 * <p>For one thread.
 */
public final class RejectPublisher {
  private static final class Shared {
    private final Map<String, Object> options;
    private final Producer<byte[], byte[]> producer;

    Shared(Map<String, Object> options) {
      this.options = options;
      this.producer =
          new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer());
    }
  }

  private static @Nullable Shared shared; // guarded by the class

  private final RejectedTopic topic;
  private final Queue<Future<RecordMetadata>> unacknowledged = new ArrayDeque<>();
  private @Nullable Shared used;

  public RejectPublisher(RejectedTopic topic) {
    this.topic = topic;
  }

  /**
   * Sends a reject, without waiting for the brokers.
   *
   * @throws KafkaException if this reject or an earlier one could not be published
   */
  public void publish(Reject reject) throws InterruptedException {
    if (used == null) {
      used = share(topic.producerOptions());
    }
    Future<RecordMetadata> sent =
        used.producer.send(
            new ProducerRecord<>(
                topic.name(),
                reject.at().origin().getBytes(StandardCharsets.UTF_8),
                RejectJson.of(reject)));
    unacknowledged.add(sent);
    if (sent.isDone()) {
      acknowledge(sent); // fail now: without a topic, each of the next rejects would wait as long
    }
    while (!unacknowledged.isEmpty() && unacknowledged.peek().isDone()) {
      acknowledge(unacknowledged.remove());
    }
  }

  /**
   * Waits until the brokers have acknowledged every reject.
   *
   * @throws KafkaException if a reject could not be published
   */
  public void flush() throws InterruptedException {
    if (used != null && !unacknowledged.isEmpty()) {
      used.producer.flush();
    }
    while (!unacknowledged.isEmpty()) {
      acknowledge(unacknowledged.remove());
    }
  }

  private void acknowledge(Future<RecordMetadata> record) throws InterruptedException {
    try {
      record.get();
    } catch (ExecutionException e) {
      throw new KafkaException(
          "a reject could not be published to " + topic.name() + ": " + e.getCause(), e.getCause());
    }
  }

  private static Shared share(Map<String, Object> options) {
    synchronized (RejectPublisher.class) {
      if (shared != null && !shared.options.equals(options)) {
        closeShared();
      }
      if (shared == null) {
        shared = new Shared(options);
      }
      return shared;
    }
  }

  /** Closes the producer that the tasks of this JVM share, if there is one. */
  public static void closeShared() {
    synchronized (RejectPublisher.class) {
      if (shared != null) {
        shared.producer.close(Duration.ZERO);
        shared = null;
      }
    }
  }
}
