package io.marketstream.spark.stream;

import io.marketstream.spark.JobSettings;
import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.cassandra.FeedGapsTable;
import io.marketstream.spark.cassandra.TicksTable;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.kafka.RejectedTopic;
import io.marketstream.spark.metrics.BatchCounts;
import io.marketstream.spark.metrics.Count;
import io.marketstream.spark.metrics.ObservedQuery;
import io.marketstream.spark.metrics.ObservedQuery.Counted;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The query that keeps everything: ticks and gaps to their tables, the rest to the rejected topic.
 *
 * <p>A batch is one Spark job, which writes the ticks. It also counts gaps and rejects as it passes
 * them; only a batch that has some reads its records once more to write them.
 */
public final class TicksQuery implements MarketQuery {
  private static final String NAME = "ticks";

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
              new Counted(Count.WRITTEN, "Rows written to `ticks` and `feed_gaps`")),
          false);

  private final JobSettings settings;
  private final CassandraKeyspace keyspace;
  private final RejectedTopic rejectedTopic;
  private final BatchCounters counters;

  public TicksQuery(SparkSession spark, JobSettings settings, CassandraKeyspace keyspace) {
    this.settings = settings;
    this.keyspace = keyspace;
    this.rejectedTopic =
        new RejectedTopic(
            settings.bootstrapServers(), settings.rejectedTopic(), settings.kafkaOptions());
    this.counters = new BatchCounters(spark, NAME);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public BatchCounters counters() {
    return counters;
  }

  @Override
  public Dataset<Row> rows(SparkSession spark) {
    List<String> topics = new ArrayList<>(settings.topics());
    topics.add(settings.gapsTopic());
    return KafkaSource.records(spark, settings, topics)
        .mapPartitions(
            new ParseRecords(settings.gapsTopic(), settings.futureToleranceMs(), counters),
            Encoders.row(ParseRecords.SCHEMA));
  }

  @Override
  public BatchCounts write(Dataset<Row> batch) {
    keyspace.append(TicksTable.SHAPE, only(batch, ParseRecords.TICK));
    // What counts is what the first pass counted: the passes below count again.
    BatchCounts counted = counters.taken();
    if (counted.get(Count.GAPS) > 0) {
      keyspace.append(FeedGapsTable.SHAPE, only(batch, ParseRecords.GAP));
    }
    if (counted.get(Count.REJECTED) > 0) {
      rejectedTopic.publish(only(batch, ParseRecords.REJECT));
    }
    return counted;
  }

  private static Dataset<Row> only(Dataset<Row> batch, String column) {
    return batch.filter(column + " IS NOT NULL").select(column + ".*");
  }
}
