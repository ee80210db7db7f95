package io.marketstream.spark.stream;

import io.marketstream.spark.JobSettings;
import io.marketstream.spark.cassandra.CandlesTable;
import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.cassandra.LatestTicksTable;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.metrics.BatchCounts;
import io.marketstream.spark.metrics.Count;
import io.marketstream.spark.metrics.ObservedQuery;
import io.marketstream.spark.metrics.ObservedQuery.Counted;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;

/** The query that folds each symbol's ticks into candles and its newest tick. */
public final class FoldQuery implements MarketQuery {
  private static final String NAME = "fold";

  /** As metrics and log show it. */
  public static final ObservedQuery OBSERVED =
      new ObservedQuery(
          NAME,
          List.of(
              new Counted(Count.READ, "Kafka records read, those that `ticks` rejects included"),
              new Counted(
                  Count.TICKS, "Ticks folded: neither duplicates nor of a forgotten session"),
              new Counted(Count.DUPLICATES, "Ticks that stood in the topic before"),
              new Counted(
                  Count.LATE, "Ticks too late for one of their candles, or of a forgotten session"),
              new Counted(
                  Count.FORGOTTEN,
                  "Late ticks of a session older than the 16 newest of their symbol: in neither"
                      + " `candles` nor `latest_ticks`"),
              new Counted(
                  Count.UNKNOWN_CONDITIONS, "Ticks with a condition code that is not listed"),
              new Counted(Count.ROWS, "Candles and latest ticks that changed"),
              new Counted(Count.WRITTEN, "Rows written to `candles` and `latest_ticks`"),
              new Counted(
                  Count.OPEN_CANDLES,
                  "Candles still open of the symbols that had ticks in the batch")),
          true);

  private final JobSettings settings;
  private final CassandraKeyspace keyspace;
  private final BatchCounters counters;

  public FoldQuery(SparkSession spark, JobSettings settings, CassandraKeyspace keyspace) {
    this.settings = settings;
    this.keyspace = keyspace;
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
    return KafkaSource.records(spark, settings, settings.topics())
        .mapPartitions(
            new TicksOnly(settings.gapsTopic(), settings.futureToleranceMs(), counters),
            Encoders.BINARY())
        .groupByKey((MapFunction<byte[], String>) TickCodec::key, Encoders.STRING())
        .flatMapGroupsWithState(
            new FoldSymbol(settings.candles(), settings.latenessMs(), counters),
            OutputMode.Update(),
            Encoders.BINARY(),
            Encoders.row(FoldSymbol.SCHEMA),
            GroupStateTimeout.NoTimeout());
  }

  @Override
  public BatchCounts write(Dataset<Row> batch) {
    // Kept while two tables are written from it: the fold must not run twice on one batch's state.
    Dataset<Row> folded = batch.persist();
    try {
      keyspace.append(CandlesTable.SHAPE, only(folded, FoldSymbol.CANDLE), CandlesTable.WRITE_TIME);
      keyspace.append(
          LatestTicksTable.SHAPE, only(folded, FoldSymbol.LATEST), LatestTicksTable.WRITE_TIME);
    } finally {
      folded.unpersist();
    }
    return counters.taken();
  }

  private static Dataset<Row> only(Dataset<Row> batch, String column) {
    return batch.filter(column + " IS NOT NULL").select(column + ".*");
  }
}
