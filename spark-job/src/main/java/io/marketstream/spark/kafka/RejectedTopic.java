package io.marketstream.spark.kafka;

import io.marketstream.spark.settings.JobSettings;
import io.marketstream.spark.settings.KafkaOptions;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The topic for rejects, with the client options to publish to it. Spark sends it to the executors.
 *
 * @param clientOptions properties of a Kafka client
 */
public record RejectedTopic(String name, HashMap<String, String> clientOptions)
    implements Serializable {

  private static final long DELIVERY_TIMEOUT_MS = 30_000;

  public static RejectedTopic of(JobSettings settings) {
    HashMap<String, String> options =
        new HashMap<>(KafkaOptions.forClient(KafkaTimeouts.withDefaults(settings.kafkaOptions())));
    options.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    return new RejectedTopic(settings.rejectedTopic(), options);
  }

  /** Returns all options of the producer. */
  Map<String, Object> producerOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put(ProducerConfig.CLIENT_ID_CONFIG, "market-data-job-rejects");
    // A batch waits for its rejects, so a reject that no broker accepts in time fails the task.
    // Kafka refuses a delivery timeout below the request timeout.
    String requestTimeout =
        clientOptions.getOrDefault(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "0");
    long timeoutMs = Math.max(DELIVERY_TIMEOUT_MS, Long.parseLong(requestTimeout));
    options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(timeoutMs));
    options.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(timeoutMs));
    options.putAll(clientOptions);
    return options;
  }
}
