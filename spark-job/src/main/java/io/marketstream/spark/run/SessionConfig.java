package io.marketstream.spark.run;

import io.marketstream.spark.checkpoint.ForklessLocalFs;
import io.marketstream.spark.settings.JobSettings;
import io.marketstream.spark.stream.SupervisorTimeouts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * The configuration of the Spark session: settings that correctness requires, and defaults.
 *
 * <p>The defaults are for settings that a checkpoint fixes or that the end of the job needs.
 * Settings that only affect performance are in {@code conf/}.
 */
public final class SessionConfig {
  /** The command line cannot change these: with other values the results would be wrong. */
  private static final Map<String, String> REQUIRED =
      Map.of(
          // Spark 4 turns it on by default. The job would then fail on rows that Spark 3.5 accepts.
          "spark.sql.ansi.enabled", "false",
          "spark.sql.session.timeZone", "UTC",
          // The checkpoint holds files of RocksDB, which another provider could not read.
          "spark.sql.streaming.stateStore.providerClass",
              "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider");

  /** The command line or a properties file may change these. */
  private static final Map<String, String> DEFAULTS =
      new LinkedHashMap<>(
          Map.of(
              "spark.app.name", "market-stream",
              // The checkpoint fixes it with the first batch.
              "spark.sql.shuffle.partitions", "2",
              // Without a limit, a query that hangs would delay the end of the job forever.
              "spark.sql.streaming.stopTimeout", Long.toString(Shutdown.STOP_TIMEOUT_MS),
              // How often an idle query reports its progress to the table job_progress.
              "spark.sql.streaming.noDataProgressEventInterval", "2s",
              // Hadoop's own class starts ten processes for each file of the checkpoint.
              "spark.hadoop.fs.AbstractFileSystem.file.impl", ForklessLocalFs.class.getName(),
              // Each batch writes the changes of the state, not a snapshot of the whole store.
              "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", "true"));

  /** How long Kafka or Cassandra may be away, or a disk full, before the job ends. */
  private static final String MAX_OUTAGE = "spark.marketstream.longestOutage";

  /** A batch that takes longer than this counts as hanging. */
  private static final String MAX_BATCH = "spark.marketstream.longestBatch";

  /** Below two, Spark keeps no progress, and the job could not see whether a query works. */
  private static final String KEPT_PROGRESS = "spark.sql.streaming.numRecentProgressUpdates";

  private static final int MIN_KEPT_PROGRESS = 2;

  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

  private static final Duration FIRST_RESTART_DELAY = Duration.ofSeconds(1);

  private SessionConfig() {}

  /** Reads the timeouts of the supervisor, spelled like Spark's: {@code 10m}, {@code 90s}. */
  static SupervisorTimeouts supervisorTimeouts(SparkConf conf) {
    return new SupervisorTimeouts(
        POLL_INTERVAL,
        Duration.ofSeconds(conf.getTimeAsSeconds(MAX_OUTAGE, "10m")),
        CHECK_INTERVAL,
        Duration.ofSeconds(conf.getTimeAsSeconds(MAX_BATCH, "5m")),
        FIRST_RESTART_DELAY);
  }

  /** Adds the job's settings to those that the user gave to spark-submit. */
  public static SparkConf complete(SparkConf submitted, JobSettings settings) {
    DEFAULTS.forEach(submitted::setIfMissing);
    REQUIRED.forEach(submitted::set);
    if (submitted.getInt(KEPT_PROGRESS, MIN_KEPT_PROGRESS) < MIN_KEPT_PROGRESS) {
      submitted.set(KEPT_PROGRESS, Integer.toString(MIN_KEPT_PROGRESS));
    }
    // Not through the writer's option(), which has another signature in Spark 4. The query uses
    // the subdirectory with its name.
    submitted.set("spark.sql.streaming.checkpointLocation", settings.checkpoint());
    return submitted;
  }
}
