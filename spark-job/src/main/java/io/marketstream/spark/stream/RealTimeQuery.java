package io.marketstream.spark.stream;

import io.marketstream.model.Topics;
import io.marketstream.spark.cassandra.WriteSettings;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.kafka.RejectedTopic;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobSettings;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;

/**
 * The query that stores ticks, gaps and rejects in real-time mode. {@link MarketDataQuery} folds
 * beside it.
 */
public final class RealTimeQuery {
  /** The name of the query. It must never change, because it is part of the checkpoint's path. */
  public static final String NAME = Topics.TICKS + "_real_time";

  private final JobSettings settings;
  private final WriteSettings tables;
  private final BatchTrigger.RealTime trigger;
  private final BatchCountsAccumulator counters;

  public RealTimeQuery(
      SparkSession spark,
      JobSettings settings,
      WriteSettings tables,
      BatchTrigger.RealTime trigger) {
    this.settings = settings;
    this.tables = tables;
    this.trigger = trigger;
    this.counters = BatchCountsAccumulator.register(spark, NAME);
  }

  /** Returns the counts of the checkpoint interval that has ended. */
  public BatchCountsAccumulator counters() {
    return counters;
  }

  long checkpointMillis() {
    return trigger.checkpointMillis();
  }

  /**
   * Starts the query.
   *
   * @param topics topics that exist
   */
  StreamingQuery start(SparkSession spark, List<String> topics, String startingOffsets)
      throws TimeoutException {
    return KafkaSource.recordsInRealTime(spark, settings, topics, startingOffsets)
        .writeStream()
        .queryName(NAME)
        .outputMode("update")
        .trigger(RealTimeMode.trigger(trigger.checkpointMillis()))
        .foreach(
            new RealTimeWriter(
                settings.gapsTopic(),
                settings.futureToleranceMs(),
                new TablesAndRejectedTopic.Destination(tables, RejectedTopic.of(settings)),
                counters))
        .start();
  }
}
