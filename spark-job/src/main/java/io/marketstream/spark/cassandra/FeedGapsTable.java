package io.marketstream.spark.cassandra;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.marketstream.spark.record.Gap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The gap ledger. The open and the closed record of a gap are one row: each writes the columns it
 * has, and as no null is ever bound, neither can take back what the other wrote.
 */
public final class FeedGapsTable {
  public static final TableShape SHAPE =
      new TableShape(
          "feed_gaps",
          "005_feed_gaps.cql",
          Map.ofEntries(
              Map.entry("source", "text"),
              Map.entry("symbol", "text"),
              Map.entry("month", "date"),
              Map.entry("gap_start", "timestamp"),
              Map.entry("session_before", "bigint"),
              Map.entry("first_missing", "bigint"),
              Map.entry("gap_end", "timestamp"),
              Map.entry("session_after", "bigint"),
              Map.entry("cause", "text"),
              Map.entry("dropped", "bigint"),
              Map.entry("detail", "text")));

  public static final StructType SCHEMA =
      new StructType()
          .add("source", StringType, false)
          .add("symbol", StringType, false)
          .add("month", IntegerType, false)
          .add("gap_start", LongType, false)
          .add("session_before", LongType, false)
          .add("first_missing", LongType, false)
          .add("gap_end", LongType, true)
          .add("session_after", LongType, true)
          .add("cause", StringType, false)
          .add("dropped", LongType, true)
          .add("detail", StringType, true);

  private FeedGapsTable() {}

  public static Row row(Gap gap) {
    return RowFactory.create(
        gap.source(),
        gap.symbol(),
        PartitionTime.month(gap.gapStart()),
        gap.gapStart(),
        gap.sessionBefore(),
        gap.firstMissing(),
        gap.gapEnd(),
        gap.sessionAfter(),
        gap.cause(),
        gap.dropped(),
        gap.detail());
  }
}
