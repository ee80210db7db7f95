package io.marketstream.spark.kafka;

import io.marketstream.spark.record.Reject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes the rejects of one task: at least once, the key tells a repetition.
 *
 * <p>All tasks of a JVM share one producer, which the first reject makes. For one thread.
 */
public final class RejectPublisher implements AutoCloseable {
  private static final class Shared {
    private final Map<String, Object> options;
    private final Producer<byte[], byte[]> producer;

    Shared(Map<String, Object> options) {
      this.options = options;
      this.producer =
          new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer());
    }
  }

  private static Shared shared; // guarded by the class

  private final RejectedTopic topic;
  private final List<Future<RecordMetadata>> unacknowledged = new ArrayList<>();
  private Shared used;

  public RejectPublisher(RejectedTopic topic) {
    this.topic = topic;
  }

  /** Takes a reject; it is on its way. */
  public void publish(Reject reject) {
    if (used == null) {
      used = share(topic.producerOptions());
    }
    unacknowledged.add(
        used.producer.send(
            new ProducerRecord<>(
                topic.name(),
                reject.at().origin().getBytes(StandardCharsets.UTF_8),
                RejectJson.of(reject))));
  }

  /**
   * Returns when the brokers have every reject.
   *
   * @throws KafkaException if they do not take one
   */
  public void flush() throws InterruptedException {
    if (unacknowledged.isEmpty()) {
      return;
    }
    used.producer.flush();
    for (Future<RecordMetadata> record : unacknowledged) {
      try {
        record.get();
      } catch (ExecutionException e) {
        throw new KafkaException(
            "a reject could not be published to " + topic.name() + ": " + e.getCause(),
            e.getCause());
      }
    }
    unacknowledged.clear();
  }

  /** A producer that was left with rejects on their way is closed: the next task makes another. */
  @Override
  public void close() {
    if (!unacknowledged.isEmpty()) {
      giveUp(used);
    }
  }

  private static Shared share(Map<String, Object> options) {
    synchronized (RejectPublisher.class) {
      if (shared != null && !shared.options.equals(options)) {
        giveUp(shared);
      }
      if (shared == null) {
        shared = new Shared(options);
      }
      return shared;
    }
  }

  /** Closes the producer that tasks of this JVM share, if there is one. */
  public static void closeShared() {
    synchronized (RejectPublisher.class) {
      if (shared != null) {
        giveUp(shared);
      }
    }
  }

  private static void giveUp(Shared given) {
    synchronized (RejectPublisher.class) {
      if (shared == given) {
        shared = null;
      }
    }
    given.producer.close(Duration.ZERO);
  }
}
