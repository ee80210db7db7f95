package io.marketstream.spark.cassandra;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.marketstream.spark.candle.Candle;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The table of candles. */
public final class CandlesTable {
  public static final TableShape SHAPE =
      new TableShape(
          "candles",
          "004_candles.cql",
          Map.ofEntries(
              Map.entry("source", "text"),
              Map.entry("symbol", "text"),
              Map.entry("interval", "text"),
              Map.entry("month", "date"),
              Map.entry("open_time", "timestamp"),
              Map.entry("open", "decimal"),
              Map.entry("high", "decimal"),
              Map.entry("low", "decimal"),
              Map.entry("close", "decimal"),
              Map.entry("volume", "decimal"),
              Map.entry("vwap", "decimal"),
              Map.entry("trades", "bigint"),
              Map.entry("kind", "text")));

  /** The column of {@link #SCHEMA} that is not in the table: the row's write time, in µs. */
  public static final String WRITE_TIME = "write_time";

  public static final StructType SCHEMA =
      new StructType()
          .add("source", StringType, false)
          .add("symbol", StringType, false)
          .add("interval", StringType, false)
          .add("month", IntegerType, false)
          .add("open_time", LongType, false)
          .add("open", StringType, true)
          .add("high", StringType, true)
          .add("low", StringType, true)
          .add("close", StringType, true)
          .add("volume", StringType, false)
          .add("vwap", StringType, true)
          .add("trades", LongType, false)
          .add("kind", StringType, false)
          .add(WRITE_TIME, LongType, false);

  private CandlesTable() {}

  public static Row row(Candle candle) {
    return RowFactory.create(
        candle.source(),
        candle.symbol(),
        candle.interval(),
        PartitionTime.month(candle.openTime()),
        candle.openTime(),
        text(candle.open()),
        text(candle.high()),
        text(candle.low()),
        text(candle.close()),
        text(candle.volume()),
        text(candle.vwap()),
        candle.trades(),
        candle.kind().wire(),
        candle.writeTime());
  }

  private static String text(BigDecimal value) {
    return value == null ? null : value.toString();
  }
}
