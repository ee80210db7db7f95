package io.marketstream.spark.stream;

import io.marketstream.spark.JobSettings;
import io.marketstream.spark.cassandra.CandlesTable;
import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.cassandra.LatestTicksTable;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.kafka.KafkaSource;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;

/** The query that folds each symbol's ticks into candles and its newest tick. */
public final class FoldQuery implements MarketQuery {
  static final String READ = "read";
  static final String TICKS = "ticks";
  static final String DUPLICATES = "duplicates";
  static final String LATE = "late";
  static final String UNKNOWN_CONDITIONS = "unknown_conditions";
  static final String ROWS = "rows";

  private final JobSettings settings;
  private final CassandraKeyspace keyspace;
  private final BatchCounters counters;

  public FoldQuery(SparkSession spark, JobSettings settings, CassandraKeyspace keyspace) {
    this.settings = settings;
    this.keyspace = keyspace;
    this.counters =
        new BatchCounters(spark, name(), READ, TICKS, DUPLICATES, LATE, UNKNOWN_CONDITIONS, ROWS);
  }

  @Override
  public String name() {
    return "fold";
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
  public String write(Dataset<Row> batch) {
    // Kept while two tables are written from it: the fold must not run twice on one batch's state.
    Dataset<Row> folded = batch.persist();
    try {
      keyspace.append(CandlesTable.SHAPE, only(folded, FoldSymbol.CANDLE));
      keyspace.append(
          LatestTicksTable.SHAPE, only(folded, FoldSymbol.LATEST), LatestTicksTable.WRITE_TIME);
    } finally {
      folded.unpersist();
    }
    return counters.format();
  }

  private static Dataset<Row> only(Dataset<Row> batch, String column) {
    return batch.filter(column + " IS NOT NULL").select(column + ".*");
  }
}
