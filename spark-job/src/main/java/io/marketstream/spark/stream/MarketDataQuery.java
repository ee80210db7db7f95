package io.marketstream.spark.stream;

import io.marketstream.model.Topics;
import io.marketstream.spark.JobSettings;
import io.marketstream.spark.cassandra.WriteSettings;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.kafka.RejectedTopic;
import io.marketstream.spark.metrics.Count;
import io.marketstream.spark.metrics.ObservedQuery;
import io.marketstream.spark.metrics.ObservedQuery.Counted;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;

/**
 * The query of the job. A batch is one Spark job of two stages: the first reads each Kafka record
 * once and stores ticks, gaps and rejects; the second folds the ticks by symbol into candles and
 * newest ticks, which the sink writes.
 */
public final class MarketDataQuery {
  /** Its name in Spark's UI and of its checkpoint. Never changes: the checkpoint hangs on it. */
  public static final String NAME = Topics.TICKS;

  /** As metrics and log show it. */
  public static final ObservedQuery OBSERVED =
      new ObservedQuery(
          NAME,
          List.of(
              new Counted(Count.READ, "Kafka records read"),
              new Counted(Count.TICKS, "Ticks among them"),
              new Counted(Count.GAPS, "Gap records among them"),
              new Counted(Count.REJECTED, "Records published to the rejected topic"),
              new Counted(
                  Count.INTERNAL_ERRORS,
                  "Rejected records on which the job itself failed: a defect of the job"),
              new Counted(
                  Count.DELAYED,
                  "Ticks whose `event_time` is more than a minute behind their `received_at`"),
              new Counted(
                  Count.AHEAD,
                  "Ticks whose `event_time` is more than 2 s ahead of their `received_at`"),
              new Counted(
                  Count.FOLDED, "Ticks folded: neither duplicates nor of a forgotten session"),
              new Counted(Count.DUPLICATES, "Ticks that stood in the topic before"),
              new Counted(
                  Count.LATE, "Ticks too late for one of their candles, or of a forgotten session"),
              new Counted(
                  Count.FORGOTTEN,
                  "Late ticks of a session older than the 16 newest of their symbol: in neither"
                      + " `candles` nor `latest_ticks`"),
              new Counted(
                  Count.UNKNOWN_CONDITIONS, "Ticks with a condition code that is not listed"),
              new Counted(Count.CHANGED, "Candles and latest ticks that changed"),
              new Counted(
                  Count.WRITTEN,
                  "Rows written to `ticks`, `feed_gaps`, `candles` and `latest_ticks`"),
              new Counted(
                  Count.OPEN_CANDLES,
                  "Candles still open of the symbols that had ticks in the batch")));

  private final JobSettings settings;
  private final WriteSettings tables;
  private final BatchCounters counters;

  public MarketDataQuery(SparkSession spark, JobSettings settings, WriteSettings tables) {
    this.settings = settings;
    this.tables = tables;
    this.counters = new BatchCounters(spark, NAME);
  }

  /** What its executors count. */
  BatchCounters counters() {
    return counters;
  }

  /** How the tables are written. */
  WriteSettings tables() {
    return tables;
  }

  /** What the sink writes, as a stream: the records of the topics, stored and folded. */
  Dataset<byte[]> rows(SparkSession spark, List<String> topics, String startingOffsets) {
    return KafkaSource.records(spark, settings, topics, startingOffsets)
        .mapPartitions(
            new StoreRecords(
                settings.gapsTopic(),
                settings.futureToleranceMs(),
                new TablesAndTopic.To(tables, RejectedTopic.of(settings)),
                counters),
            Encoders.BINARY())
        .groupByKey((MapFunction<byte[], String>) TickCodec::key, Encoders.STRING())
        .flatMapGroupsWithState(
            new FoldSymbol(settings.candles(), settings.latenessMs(), counters),
            OutputMode.Append(),
            Encoders.BINARY(),
            Encoders.BINARY(),
            GroupStateTimeout.NoTimeout());
  }
}
