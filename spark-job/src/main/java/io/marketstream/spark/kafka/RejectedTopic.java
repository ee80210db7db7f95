package io.marketstream.spark.kafka;

import io.marketstream.spark.JobSettings;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Where rejects go. Travels to the executors with the tasks.
 *
 * @param clientOptions as a Kafka client takes them
 */
public record RejectedTopic(String name, HashMap<String, String> clientOptions)
    implements Serializable {

  private static final long LONGEST_MS = 30_000;

  public static RejectedTopic of(JobSettings settings) {
    HashMap<String, String> options =
        new HashMap<>(KafkaOptions.forClient(KafkaTimeouts.withDefaults(settings.kafkaOptions())));
    options.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    return new RejectedTopic(settings.rejectedTopic(), options);
  }

  /** The options of the producer, complete. */
  Map<String, Object> producerOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put(ProducerConfig.CLIENT_ID_CONFIG, "market-data-job-rejects");
    // A batch waits for its rejects: what no broker takes within this time fails the task. Kafka
    // refuses less than the time of one request.
    String ofRequest = clientOptions.getOrDefault(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "0");
    long longest = Math.max(LONGEST_MS, Long.parseLong(ofRequest));
    options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(longest));
    options.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(longest));
    options.putAll(clientOptions);
    return options;
  }
}
