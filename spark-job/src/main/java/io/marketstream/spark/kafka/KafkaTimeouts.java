package io.marketstream.spark.kafka;

import java.util.HashMap;
import java.util.Map;

/** How long the job's Kafka clients wait for a broker that hangs with its connections open. */
final class KafkaTimeouts {
  /**
   * How long a client waits for one request before it asks another broker. A batch sends several
   * requests. Kafka's default of 30 s delayed batches by more than 90 s.
   *
   * <p>A new admin client (3.4.1, that of Spark 3.5) often chooses the same broker again. In a
   * test, 120 clients started while one of three brokers was frozen. With 10 s per request, two
   * attempts fit into the API timeout and 26 clients failed. With 5 s, four attempts fit and 6
   * failed.
   */
  private static final String REQUEST_TIMEOUT_MS = "5000";

  /**
   * How long an admin client tries in all. Then Spark creates a new client, up to three before the
   * batch fails. Kafka's default is one minute.
   */
  private static final String API_TIMEOUT_MS = "20000";

  private static final String REQUEST_TIMEOUT = "kafka.request.timeout.ms";

  private KafkaTimeouts() {}

  /** Returns the user's options, as Spark spells them, with these timeouts as defaults. */
  static Map<String, String> withDefaults(Map<String, String> given) {
    Map<String, String> options = new HashMap<>();
    // Only together: a client refuses an API timeout below its request timeout.
    if (!given.containsKey(REQUEST_TIMEOUT)) {
      options.put(REQUEST_TIMEOUT, REQUEST_TIMEOUT_MS);
      options.put("kafka.default.api.timeout.ms", API_TIMEOUT_MS);
    }
    options.putAll(given);
    return options;
  }
}
