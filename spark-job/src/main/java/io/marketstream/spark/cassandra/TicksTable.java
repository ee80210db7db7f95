package io.marketstream.spark.cassandra;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.marketstream.spark.record.Tick;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table of every tick. */
public final class TicksTable {
  public static final TableShape SHAPE =
      new TableShape(
          "ticks",
          "002_ticks.cql",
          Map.ofEntries(
              Map.entry("source", "text"),
              Map.entry("symbol", "text"),
              Map.entry("hour", "timestamp"),
              Map.entry("event_time", "timestamp"),
              Map.entry("session", "bigint"),
              Map.entry("sequence", "bigint"),
              Map.entry("kind", "text"),
              Map.entry("price", "decimal"),
              Map.entry("volume", "decimal"),
              Map.entry("conditions", "frozen<list<text>>"),
              Map.entry("received_at", "timestamp")));

  /**
   * Rows for the connector: it makes a decimal of a text and a timestamp of epoch ms, so neither
   * passes through a Spark type that would round it.
   */
  public static final StructType SCHEMA =
      new StructType()
          .add("source", StringType, false)
          .add("symbol", StringType, false)
          .add("hour", LongType, false)
          .add("event_time", LongType, false)
          .add("session", LongType, false)
          .add("sequence", LongType, false)
          .add("kind", StringType, false)
          .add("price", StringType, false)
          .add("volume", StringType, true)
          .add("conditions", DataTypes.createArrayType(StringType, false), true)
          .add("received_at", LongType, false);

  private TicksTable() {}

  public static Row row(Tick tick) {
    return RowFactory.create(
        tick.source(),
        tick.symbol(),
        PartitionTime.hour(tick.eventTime()),
        tick.eventTime(),
        tick.session(),
        tick.sequence(),
        tick.kind().wire(),
        tick.price(),
        tick.volume(),
        tick.conditions() == null ? null : tick.conditions().toArray(),
        tick.receivedAt());
  }
}
