package io.marketstream.spark.kafka;

import io.marketstream.spark.settings.JobSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;

/** Reads the raw records of topics as a stream. */
public final class KafkaSource {
  /** Index of the column with the topic, in the rows of {@link #records}; the others follow. */
  public static final int TOPIC = 0;

  public static final int PARTITION = 1;
  public static final int OFFSET = 2;
  public static final int TIMESTAMP = 3;
  public static final int VALUE = 4;

  /**
   * The broker answers a fetch at once. A consumer fetches ahead, and its next requests wait for
   * that fetch. With the default of 500 ms, each task waited that long at the end of each
   * partition. Consumers are idle between batches, so no requests are wasted.
   */
  private static final String FETCH_MAX_WAIT_MS = "0";

  private static final String FETCH_MAX_WAIT = "kafka.fetch.max.wait.ms";

  /** Spark asks for the end of the partition after each poll. The default of 500 is too often. */
  private static final String MAX_POLL_RECORDS = "5000";

  /**
   * Skips records of aborted transactions, which an exactly-once Connect worker leaves behind when
   * it is killed. The audit does not count them either. Without transactions it has no effect.
   */
  private static final String ISOLATION_LEVEL = "read_committed";

  private KafkaSource() {}

  /**
   * Returns the records of the topics, starting where the checkpoint says.
   *
   * @param topics topics that exist; Spark asks Kafka only for these
   * @param startingOffsets {@code earliest} or {@code latest}, for partitions without an offset in
   *     the checkpoint
   * @param localTasks number of tasks that read, if all tasks run in this process
   */
  public static Dataset<Row> records(
      SparkSession spark,
      JobSettings settings,
      List<String> topics,
      String startingOffsets,
      int localTasks) {
    Dataset<Row> records =
        load(
            source(spark, withDefaults(settings.kafkaOptions()), settings, topics, startingOffsets)
                .option("maxOffsetsPerTrigger", Long.toString(settings.maxOffsetsPerTrigger())));
    // A task costs more than the records of a quiet partition, so one process has a task per core.
    // On a cluster the number of cores changes, so each partition is a task.
    return spark.sparkContext().isLocal() ? records.coalesce(localTasks) : records;
  }

  /**
   * Returns the records of the topics for a query in real-time mode. Each partition is a task for
   * the life of the query.
   *
   * @param topics topics that exist
   * @param startingOffsets as for {@link #records}
   */
  public static Dataset<Row> recordsInRealTime(
      SparkSession spark, JobSettings settings, List<String> topics, String startingOffsets) {
    Map<String, String> options = withDefaults(settings.kafkaOptions());
    if (!settings.kafkaOptions().containsKey(FETCH_MAX_WAIT)) {
      // A task waits for records all the time. The broker answers as soon as there is one.
      options.remove(FETCH_MAX_WAIT);
    }
    return load(source(spark, options, settings, topics, startingOffsets));
  }

  private static DataStreamReader source(
      SparkSession spark,
      Map<String, String> options,
      JobSettings settings,
      List<String> topics,
      String startingOffsets) {
    return spark
        .readStream()
        .format("kafka")
        .options(options)
        .option("kafka.bootstrap.servers", settings.bootstrapServers())
        .option("subscribe", String.join(",", topics))
        .option("startingOffsets", startingOffsets);
  }

  private static Dataset<Row> load(DataStreamReader source) {
    return source
        .load()
        .selectExpr("topic", "partition", "offset", "unix_millis(timestamp) AS timestamp", "value");
  }

  /** Returns the user's options with the job's defaults for options that they do not set. */
  static Map<String, String> withDefaults(Map<String, String> given) {
    Map<String, String> options = new HashMap<>(KafkaTimeouts.withDefaults(given));
    options.putIfAbsent(FETCH_MAX_WAIT, FETCH_MAX_WAIT_MS);
    options.putIfAbsent("kafka.isolation.level", ISOLATION_LEVEL);
    options.putIfAbsent("kafka.max.poll.records", MAX_POLL_RECORDS);
    return options;
  }
}
