package io.marketstream.spark.kafka;

import java.util.HashMap;
import java.util.Map;

/** How long the job's clients wait for a broker that hangs: it answers nothing, closes nothing. */
final class KafkaTimeouts {
  /**
   * Each question to such a broker takes this long before another is asked, and a batch asks
   * several times. Kafka's default of 30 s held batches up for more than a minute and a half.
   *
   * <p>A new admin client (3.4.1, that of Spark 3.5) often chooses the same broker again. Of 120
   * clients that met three brokers, one of them frozen, 26 found no other in time with 10 s, which
   * are two tries within the API timeout; with 5 s, which are four, 6.
   */
  private static final String REQUEST_MS = "5000";

  /**
   * An admin client asks until this has passed; then Spark asks with a new one, thrice before the
   * batch fails. The default is a minute.
   */
  private static final String API_MS = "20000";

  private static final String REQUEST = "kafka.request.timeout.ms";

  private KafkaTimeouts() {}

  /** The user's options, spelled as Spark wants them, and these where they say nothing. */
  static Map<String, String> withDefaults(Map<String, String> given) {
    Map<String, String> options = new HashMap<>();
    // The two go together: a client refuses an API timeout below its request timeout.
    if (!given.containsKey(REQUEST)) {
      options.put(REQUEST, REQUEST_MS);
      options.put("kafka.default.api.timeout.ms", API_MS);
    }
    options.putAll(given);
    return options;
  }
}
