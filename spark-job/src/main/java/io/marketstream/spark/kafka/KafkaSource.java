package io.marketstream.spark.kafka;

import io.marketstream.spark.settings.JobSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

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
   */
  public static Dataset<Row> records(
      SparkSession spark, JobSettings settings, List<String> topics, String startingOffsets) {
    Dataset<Row> records =
        spark
            .readStream()
            .format("kafka")
            .options(withDefaults(settings.kafkaOptions()))
            .option("kafka.bootstrap.servers", settings.bootstrapServers())
            .option("subscribe", String.join(",", topics))
            .option("startingOffsets", startingOffsets)
            .option("maxOffsetsPerTrigger", Long.toString(settings.maxOffsetsPerTrigger()))
            .load()
            .selectExpr(
                "topic", "partition", "offset", "unix_millis(timestamp) AS timestamp", "value");
    // A task costs more than the records of a quiet partition, so one process has a task per core.
    // On a cluster the number of cores changes, so each partition is a task.
    return spark.sparkContext().isLocal()
        ? records.coalesce(spark.sparkContext().defaultParallelism())
        : records;
  }

  /** Returns the user's options with the job's defaults for options that they do not set. */
  static Map<String, String> withDefaults(Map<String, String> given) {
    Map<String, String> options = new HashMap<>(KafkaTimeouts.withDefaults(given));
    options.putIfAbsent("kafka.fetch.max.wait.ms", FETCH_MAX_WAIT_MS);
    options.putIfAbsent("kafka.isolation.level", ISOLATION_LEVEL);
    options.putIfAbsent("kafka.max.poll.records", MAX_POLL_RECORDS);
    return options;
  }
}
