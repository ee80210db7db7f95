package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.model.Tables;
import io.marketstream.spark.candle.Candle;
import java.util.Map;

/** The table {@code candles}: one row per candle. */
public final class CandlesTable {
  public static final TableShape SHAPE =
      new TableShape(
          Tables.CANDLES,
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

  static final String INSERT =
      "INSERT INTO %s."
          + Tables.CANDLES
          + " (source, symbol, interval, month, open_time, open, high, low, close,"
          + " volume, vwap, trades, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " USING TIMESTAMP ?";

  private CandlesTable() {}

  /**
   * A partition of the table.
   *
   * @param month first day of the month, in days since 1970
   */
  record Partition(String source, String symbol, String interval, int month) {}

  static EncodedRow encode(RowEncoder row, PreparedStatement insert, Candle candle) {
    return row.begin(insert, EncodedKey.NONE)
        .text(candle.source())
        .text(candle.symbol())
        .text(candle.interval())
        .date(PartitionTime.month(candle.openTime()))
        .number(candle.openTime())
        .decimal(candle.open())
        .decimal(candle.high())
        .decimal(candle.low())
        .decimal(candle.close())
        .decimal(candle.volume())
        .decimal(candle.vwap())
        .number(candle.trades())
        .text(candle.kind().wireName())
        .number(candle.writeTime())
        .row();
  }
}
