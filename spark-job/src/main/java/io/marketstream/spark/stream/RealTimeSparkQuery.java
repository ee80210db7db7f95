package io.marketstream.spark.stream;

import io.marketstream.spark.failure.JobFailedException;
import io.marketstream.spark.progress.PartitionOffsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of the real-time query in Spark.
 *
 * <p>Each partition needs a task slot. A task that gets its slot after the end of the interval
 * reads nothing, and Spark commits the interval all the same. So the partitions are checked after
 * each interval.
 */
final class RealTimeSparkQuery implements FoldBesideRealTime.RealTimeRun {
  private static final Logger LOG = LoggerFactory.getLogger(RealTimeSparkQuery.class);

  private final StreamingQuery query;
  private final SparkSession spark;
  private final RunningQuery run;

  /** How many records each partition had that the last interval did not read. */
  private Map<String, Long> unread = Map.of();

  RealTimeSparkQuery(StreamingQuery query, SparkSession spark) {
    this.query = query;
    this.spark = spark;
    this.run = new SparkQuery(query, spark);
  }

  /**
   * Checks that all tasks of the real-time query can run at the same time, with one of the fold. On
   * a cluster, executors are not there yet when the query starts, so nothing is checked then.
   *
   * @throws JobFailedException if a local master has too few slots
   */
  static void requireSlots(SparkSession spark, int partitions) {
    if (spark.sparkContext().isLocal()) {
      missingSlots(spark, partitions)
          .ifPresent(
              message -> {
                throw new JobFailedException(
                    message + ": give --master 'local[" + (partitions + 2) + "]'");
              });
    }
  }

  private static Optional<String> missingSlots(SparkSession spark, int partitions) {
    OptionalInt slots = TaskSlots.of(spark.sparkContext());
    if (slots.isEmpty() || slots.getAsInt() > partitions) {
      return Optional.empty();
    }
    return Optional.of(
        "--trigger realtime needs "
            + (partitions + 1)
            + " task slots, one for each of the "
            + partitions
            + " partitions and at least one for the candles, and there are "
            + slots.getAsInt());
  }

  @Override
  public void checkInterval() {
    StreamingQueryProgress last = query.lastProgress();
    if (last == null) {
      return;
    }
    SourceProgress source = last.sources()[0]; // the query has one source
    Map<String, Long> next = PartitionOffsets.read(source.endOffset()).orElse(Map.of());
    requireSlots(spark, next.size());
    missingSlots(spark, next.size())
        .ifPresent(
            message ->
                LOG.warn("{}: give the job more cores, or some partitions are not read", message));
    Map<String, Long> before = unread;
    unread =
        unread(
            PartitionOffsets.read(source.startOffset()).orElse(Map.of()),
            next,
            PartitionOffsets.read(source.latestOffset()).orElse(Map.of()));
    Map<String, Long> twice = new TreeMap<>(unread);
    twice.keySet().retainAll(before.keySet());
    if (!twice.isEmpty()) {
      LOG.warn(
          "the last two intervals stored no record of these partitions, which have some: {}. Either"
              + " they had no task slot, or their topic has transactions (exactly-once connectors),"
              + " which the real-time mode does not support",
          twice);
    }
  }

  /**
   * Returns how many records each partition had at the start of an interval that read none of them.
   * Only partitions with such records.
   */
  static Map<String, Long> unread(
      Map<String, Long> start, Map<String, Long> end, Map<String, Long> latest) {
    Map<String, Long> unread = new TreeMap<>();
    end.forEach(
        (partition, next) -> {
          long records = latest.getOrDefault(partition, 0L) - next;
          if (next.equals(start.get(partition)) && records > 0) {
            unread.put(partition, records);
          }
        });
    return unread;
  }

  @Override
  public long committedInterval() {
    StreamingQueryProgress last = query.lastProgress();
    return last == null ? -1 : last.batchId();
  }

  @Override
  public boolean awaitTermination(long millis) throws StreamingQueryException {
    return run.awaitTermination(millis);
  }

  @Override
  public boolean hasMadeProgress() {
    return run.hasMadeProgress();
  }

  @Override
  public boolean isIdle() {
    return run.isIdle();
  }

  @Override
  public String statusMessage() {
    return run.statusMessage();
  }

  @Override
  public void cancelTasks() {
    run.cancelTasks();
  }

  @Override
  public void stop() throws TimeoutException {
    run.stop();
  }
}
