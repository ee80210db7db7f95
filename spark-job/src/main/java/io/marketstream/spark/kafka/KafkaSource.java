package io.marketstream.spark.kafka;

import io.marketstream.spark.JobSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Kafka in: the raw records of some topics as a stream. */
public final class KafkaSource {
  /** Places of the columns in the rows of {@link #records}. */
  public static final int TOPIC = 0;

  public static final int PARTITION = 1;
  public static final int OFFSET = 2;
  public static final int TIMESTAMP = 3;
  public static final int VALUE = 4;

  /**
   * A consumer reads ahead, and its next questions wait behind that fetch: with the default of 500
   * ms each task of a batch stood still for as long at the end of each of its partitions. Consumers
   * rest between batches, so nothing is asked in vain.
   */
  private static final String FETCH_MAX_WAIT_MS = "0";

  /** After each poll Spark asks where the partition ends: with the default of 500 that is often. */
  private static final String MAX_POLL_RECORDS = "5000";

  /**
   * An exactly-once Connect worker that is killed leaves records that are taken back. They are not
   * part of the topic, and the audit does not count them either. Without transactions it makes no
   * difference.
   */
  private static final String ISOLATION_LEVEL = "read_committed";

  private KafkaSource() {}

  /**
   * The records of the topics from the checkpoint on.
   *
   * @param topics that exist: Spark asks for these alone, and not for all of the cluster
   * @param startingOffsets {@code earliest} or {@code latest}, where the checkpoint says nothing
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
    // A task costs more than the records of a quiet partition. In one process the cores are known;
    // on a cluster they come and go, and each partition is a task for whichever is free.
    return spark.sparkContext().isLocal()
        ? records.coalesce(spark.sparkContext().defaultParallelism())
        : records;
  }

  /** The user's options, and the job's defaults where they say nothing. */
  static Map<String, String> withDefaults(Map<String, String> given) {
    Map<String, String> options = new HashMap<>(KafkaTimeouts.withDefaults(given));
    options.putIfAbsent("kafka.fetch.max.wait.ms", FETCH_MAX_WAIT_MS);
    options.putIfAbsent("kafka.isolation.level", ISOLATION_LEVEL);
    options.putIfAbsent("kafka.max.poll.records", MAX_POLL_RECORDS);
    return options;
  }
}
