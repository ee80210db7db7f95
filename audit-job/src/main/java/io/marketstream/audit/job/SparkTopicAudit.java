package io.marketstream.audit.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.marketstream.auditor.cluster.AuditPlan;
import io.marketstream.auditor.cluster.AuditTarget;
import io.marketstream.auditor.cluster.AuditedTopics;
import io.marketstream.auditor.cluster.SymbolReport;
import io.marketstream.auditor.cluster.TopicAudit;
import io.marketstream.auditor.cluster.TopicRange;
import io.marketstream.auditor.evidence.SymbolKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Collects the records of each symbol with Spark's sort, which spills to disk, and audits each
 * symbol in a task. A task reads its records as a stream.
 */
final class SparkTopicAudit implements TopicAudit {
  static final StructType RECORD =
      new StructType()
          .add("source", StringType, true)
          .add("symbol", StringType, true)
          .add("topic", StringType, true)
          .add("partition", IntegerType, false)
          .add("offset", LongType, false)
          .add("tick", BinaryType, true);

  private static final String ISOLATION_LEVEL = "kafka.isolation.level";

  private final SparkSession spark;
  private final AuditTarget target;

  SparkTopicAudit(SparkSession spark, AuditTarget target) {
    this.spark = spark;
    this.target = target;
  }

  @Override
  public List<SymbolReport> audit(AuditPlan plan, TopicRange range, Set<String> sources) {
    AuditedTopics topics = target.kafka().orElseThrow();
    var reader =
        spark
            .read()
            .format("kafka")
            .option("subscribe", String.join(",", topics.ticks()))
            .option("startingOffsets", range.beginsJson())
            .option("endingOffsets", range.endsJson())
            .option(ISOLATION_LEVEL, "read_committed");
    for (Map.Entry<String, Object> setting : topics.consumer().entrySet()) {
      reader = reader.option("kafka." + setting.getKey(), String.valueOf(setting.getValue()));
    }
    Dataset<Row> records =
        reader
            .load()
            .select("topic", "partition", "offset", "value")
            .mapPartitions(new ParseRecords(sources), Encoders.row(RECORD));
    List<byte[]> reports =
        records
            .union(spark.createDataFrame(markers(plan), RECORD))
            .repartition(col("source"), col("symbol"))
            .sortWithinPartitions("source", "symbol", "topic", "partition", "offset")
            .mapPartitions(
                new AuditSymbols(plan, range.from(), range.until(), CassandraAccess.of(target)),
                Encoders.BINARY())
            .collectAsList();
    return reports.stream().map(SymbolReport::decode).toList();
  }

  /**
   * Returns one row per symbol that is not a record. So symbols without a record are audited as
   * well.
   */
  private static List<Row> markers(AuditPlan plan) {
    List<Row> markers = new ArrayList<>();
    for (SymbolKey key : plan.symbols()) {
      markers.add(RowFactory.create(key.source(), key.symbol(), null, -1, -1L, null));
    }
    return markers;
  }
}
