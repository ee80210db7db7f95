package io.marketstream.spark.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The user's Kafka options. Spark's Kafka source mixes options of its own with client properties,
 * which it wants spelled {@code kafka.…}; here both may be given as their own manuals spell them.
 */
public final class KafkaOptions {
  private static final String CLIENT_PREFIX = "kafka.";
  private static final String FAIL_ON_DATA_LOSS = "failOnDataLoss";

  /** Options of Spark's Kafka source itself. */
  private static final Set<String> OF_SPARK =
      Set.of(
          FAIL_ON_DATA_LOSS,
          "kafkaConsumer.pollTimeoutMs",
          "fetchOffset.numRetries",
          "fetchOffset.retryIntervalMs",
          "minPartitions",
          "minOffsetsPerTrigger",
          "maxTriggerDelay",
          "groupIdPrefix");

  /** Options that the job sets from its own: giving them here would contradict those. */
  private static final Map<String, String> OF_THE_JOB =
      Map.of(
          "kafka.bootstrap.servers", "--bootstrap-servers",
          "kafka.subscribe", "--topics",
          "kafka.subscribePattern", "--topics",
          "kafka.assign", "--topics",
          "kafka.startingOffsets", "--starting-offsets",
          "kafka.maxOffsetsPerTrigger", "--max-offsets-per-trigger");

  private KafkaOptions() {}

  /**
   * Puts the prefix before client properties that lack it.
   *
   * @throws IllegalArgumentException for an option that the job has a name of its own for
   */
  public static Map<String, String> asSparkSpellsThem(Map<String, String> given) {
    Map<String, String> options = new LinkedHashMap<>();
    given.forEach(
        (key, value) -> {
          boolean complete = OF_SPARK.contains(key) || key.startsWith(CLIENT_PREFIX);
          String name = complete ? key : CLIENT_PREFIX + key;
          if (OF_THE_JOB.containsKey(name)) {
            throw new IllegalArgumentException(
                "--kafka-option " + key + " is set with " + OF_THE_JOB.get(name));
          }
          options.put(name, value);
        });
    return options;
  }

  /** The client properties alone, spelled as a Kafka client takes them. */
  public static Map<String, String> forClient(Map<String, String> options) {
    Map<String, String> client = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> {
          if (key.startsWith(CLIENT_PREFIX)) {
            client.put(key.substring(CLIENT_PREFIX.length()), value);
          }
        });
    return client;
  }

  /**
   * Whether the job ends where records are gone that it has not read.
   *
   * @param options as {@link #asSparkSpellsThem} returned them
   */
  public static boolean failOnDataLoss(Map<String, String> options) {
    return Boolean.parseBoolean(options.getOrDefault(FAIL_ON_DATA_LOSS, "true"));
  }
}
