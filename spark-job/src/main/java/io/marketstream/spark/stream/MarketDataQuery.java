package io.marketstream.spark.stream;

import io.marketstream.model.Topics;
import io.marketstream.spark.cassandra.WriteSettings;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.kafka.RejectedTopic;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobSettings;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;

/**
 * The streaming query of the job.
 *
 * <p>A batch is one Spark job with two stages. The first stage reads each Kafka record once and
 * stores ticks, gaps and rejects. The second stage folds the ticks of each symbol into candles and
 * latest ticks, which the sink writes.
 *
 * <p>In real-time mode, {@link RealTimeQuery} stores, and this query only folds.
 */
public final class MarketDataQuery {
  /** The name of the query. It must never change, because it is part of the checkpoint's path. */
  public static final String NAME = Topics.TICKS;

  private final JobSettings settings;
  private final WriteSettings tables;
  private final BatchCountsAccumulator counters;

  public MarketDataQuery(SparkSession spark, JobSettings settings, WriteSettings tables) {
    this.settings = settings;
    this.tables = tables;
    this.counters = BatchCountsAccumulator.register(spark, NAME);
  }

  /** Returns the counts of the executors. */
  BatchCountsAccumulator counters() {
    return counters;
  }

  /** Returns how rows are written to the tables. */
  WriteSettings tables() {
    return tables;
  }

  /**
   * Stores and folds the records of the topics. In real-time mode, only folds them.
   *
   * @param localTasks number of tasks that read, if all tasks run in this process
   * @return the rows for the sink, as a stream
   */
  Dataset<byte[]> rows(
      SparkSession spark, List<String> topics, String startingOffsets, int localTasks) {
    Dataset<Row> records =
        KafkaSource.records(spark, settings, topics, startingOffsets, localTasks);
    return ticks(records)
        .groupByKey((MapFunction<byte[], String>) TickCodec::key, Encoders.STRING())
        .flatMapGroupsWithState(
            new FoldSymbol(settings.candles(), settings.latenessMs(), counters),
            OutputMode.Append(),
            Encoders.BINARY(),
            Encoders.BINARY(),
            GroupStateTimeout.NoTimeout());
  }

  private Dataset<byte[]> ticks(Dataset<Row> records) {
    String gaps = settings.gapsTopic();
    long tolerance = settings.futureToleranceMs();
    if (settings.trigger() instanceof BatchTrigger.RealTime) {
      return records.flatMap(new ParseTicks(gaps, tolerance, counters), Encoders.BINARY());
    }
    return records.mapPartitions(
        new StoreRecords(
            gaps,
            tolerance,
            new TablesAndRejectedTopic.Destination(tables, RejectedTopic.of(settings)),
            counters),
        Encoders.BINARY());
  }
}
