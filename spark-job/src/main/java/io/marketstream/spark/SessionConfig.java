package io.marketstream.spark;

import io.marketstream.spark.checkpoint.ForklessLocalFs;
import io.marketstream.spark.stream.QuerySupervisor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * The session's configuration: what correctness hangs on, and defaults for what a checkpoint pins
 * or the job's end needs. What only makes the job faster stands in {@code conf/}.
 */
public final class SessionConfig {
  /**
   * Set whatever the command line says: with other values the job would be a wrong job, not a
   * slower one.
   */
  private static final Map<String, String> REQUIRED =
      Map.of(
          // Spark 4 turned it on; with it the same job would fail on rows that Spark 3.5 lets pass.
          "spark.sql.ansi.enabled", "false",
          "spark.sql.session.timeZone", "UTC",
          // The checkpoint holds RocksDB's files: another provider could not read them.
          "spark.sql.streaming.stateStore.providerClass",
              "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider");

  /** Set unless the command line or a properties file says otherwise. */
  private static final Map<String, String> DEFAULTS =
      new LinkedHashMap<>(
          Map.of(
              "spark.app.name", "market-stream",
              // The checkpoint pins it with the first batch.
              "spark.sql.shuffle.partitions", "2",
              // Without a bound a query that hangs would hold the job's end for ever.
              "spark.sql.streaming.stopTimeout", Long.toString(Shutdown.STOP_MS),
              // An idle query reports as often that it is complete: see the table job_progress.
              "spark.sql.streaming.noDataProgressEventInterval", "2s",
              // Hadoop's own class starts ten processes for each file of the checkpoint.
              "spark.hadoop.fs.AbstractFileSystem.file.impl", ForklessLocalFs.class.getName(),
              // A batch's state goes out as what it changed, not as a snapshot of the whole store.
              "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", "true"));

  /** How long Kafka or Cassandra may be away, or a disk be full, before the job gives up. */
  private static final String LONGEST_OUTAGE = "spark.marketstream.longestOutage";

  /** After this long a batch is taken for one that hangs. */
  private static final String LONGEST_BATCH = "spark.marketstream.longestBatch";

  /** With less than two Spark keeps none, and whether a query works could not be told. */
  private static final String KEPT_PROGRESS = "spark.sql.streaming.numRecentProgressUpdates";

  private static final int LEAST_KEPT_PROGRESS = 2;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private SessionConfig() {}

  /** Durations as Spark spells them: {@code 10m}, {@code 90s}. */
  static QuerySupervisor.Patience patience(SparkConf conf) {
    return new QuerySupervisor.Patience(
        LOOK_AGAIN,
        Duration.ofSeconds(conf.getTimeAsSeconds(LONGEST_OUTAGE, "10m")),
        ASK_AGAIN,
        Duration.ofSeconds(conf.getTimeAsSeconds(LONGEST_BATCH, "5m")),
        FIRST_PAUSE);
  }

  /** What spark-submit was given, completed. */
  public static SparkConf complete(SparkConf submitted, JobSettings settings) {
    DEFAULTS.forEach(submitted::setIfMissing);
    REQUIRED.forEach(submitted::set);
    if (submitted.getInt(KEPT_PROGRESS, LEAST_KEPT_PROGRESS) < LEAST_KEPT_PROGRESS) {
      submitted.set(KEPT_PROGRESS, Integer.toString(LEAST_KEPT_PROGRESS));
    }
    // Through the session, not through the writer's option(): that one has another signature in
    // Spark 4. The query takes the directory of its name below it.
    submitted.set("spark.sql.streaming.checkpointLocation", settings.checkpoint());
    return submitted;
  }
}
