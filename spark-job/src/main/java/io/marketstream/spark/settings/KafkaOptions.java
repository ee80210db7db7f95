package io.marketstream.spark.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The Kafka options that the user gives with {@code --kafka-option}.
 *
 * <p>Spark's Kafka source takes options of its own and client properties with the prefix {@code
 * kafka.}. The user may write client properties with or without the prefix.
 */
public final class KafkaOptions {
  private static final String CLIENT_PREFIX = "kafka.";
  private static final String FAIL_ON_DATA_LOSS = "failOnDataLoss";

  /** Options of Spark's Kafka source itself. */
  private static final Set<String> SPARK_OPTIONS =
      Set.of(
          FAIL_ON_DATA_LOSS,
          "kafkaConsumer.pollTimeoutMs",
          "fetchOffset.numRetries",
          "fetchOffset.retryIntervalMs",
          "minPartitions",
          "minOffsetsPerTrigger",
          "maxTriggerDelay",
          "groupIdPrefix");

  /** Those that divide or delay batches. Spark refuses them in real-time mode, after the start. */
  private static final Set<String> OF_BATCHES =
      Set.of("minPartitions", "minOffsetsPerTrigger", "maxTriggerDelay");

  /** The job's own option by the Kafka option that it sets, which the user must not give here. */
  private static final Map<String, String> JOB_OPTIONS =
      Map.of(
          "kafka.bootstrap.servers", "--bootstrap-servers",
          "kafka.subscribe", "--topics",
          "kafka.subscribePattern", "--topics",
          "kafka.assign", "--topics",
          "kafka.startingOffsets", "--starting-offsets",
          "kafka.maxOffsetsPerTrigger", "--max-offsets-per-trigger");

  private KafkaOptions() {}

  /**
   * Returns the options with the prefix {@code kafka.} on every client property.
   *
   * @throws IllegalArgumentException if the job has an option of its own for one of them
   */
  public static Map<String, String> withClientPrefix(Map<String, String> given) {
    Map<String, String> options = new LinkedHashMap<>();
    given.forEach(
        (key, value) -> {
          boolean complete = SPARK_OPTIONS.contains(key) || key.startsWith(CLIENT_PREFIX);
          String name = complete ? key : CLIENT_PREFIX + key;
          if (JOB_OPTIONS.containsKey(name)) {
            throw new IllegalArgumentException(
                "--kafka-option " + key + " is not allowed: use " + JOB_OPTIONS.get(name));
          }
          options.put(name, value);
        });
    return options;
  }

  /**
   * Checks that the options are possible in real-time mode.
   *
   * @param options as {@link #withClientPrefix} returned them
   * @throws IllegalArgumentException if one is not
   */
  static void requireForRealTime(Map<String, String> options) {
    for (String name : options.keySet()) {
      if (OF_BATCHES.contains(name)) {
        throw new IllegalArgumentException(
            "--kafka-option " + name + " is not possible with --trigger realtime");
      }
    }
    if (!failOnDataLoss(options)) {
      throw new IllegalArgumentException(
          "--kafka-option failOnDataLoss=false is not possible with --trigger realtime. After a loss,"
              + " start with a new --checkpoint");
    }
  }

  /** Returns only the client properties, without the prefix, as a Kafka client takes them. */
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
   * Returns whether the job ends if Kafka has lost records that the job has not read.
   *
   * @param options as {@link #withClientPrefix} returned them
   */
  public static boolean failOnDataLoss(Map<String, String> options) {
    return Boolean.parseBoolean(options.getOrDefault(FAIL_ON_DATA_LOSS, "true"));
  }
}
