package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.model.Tables;
import io.marketstream.spark.candle.LatestTick;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.util.List;

/** The table {@code latest_ticks}: the latest tick of each symbol. */
public final class LatestTicksTable {
  public static final TableShape SHAPE =
      new TableShape(Tables.LATEST_TICKS, "003_latest_ticks.cql", TicksTable.COLUMNS_OF_EVERY_FEED);

  static final String INSERT =
      "INSERT INTO %s."
          + Tables.LATEST_TICKS
          + " (source, symbol, hour, event_time, session, sequence, kind, price,"
          + " volume, conditions, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " USING TIMESTAMP ?";

  private LatestTicksTable() {}

  /** A partition of the table. */
  record Partition(String source) {}

  /**
   * Encodes a row with every column. An unset column would keep the value of an older tick, and the
   * row would mix two ticks.
   */
  static EncodedRow encode(RowEncoder row, PreparedStatement insert, LatestTick latest) {
    Tick tick = latest.tick();
    return row.begin(insert, EncodedKey.NONE)
        .text(tick.source())
        .text(tick.symbol())
        .number(PartitionTime.hour(tick.eventTime()))
        .number(tick.eventTime())
        .number(tick.session())
        .number(tick.sequence())
        .text(tick.kind().wireName())
        .decimal(new BigDecimal(tick.price()))
        .decimal(tick.volume() == null ? BigDecimal.ZERO : new BigDecimal(tick.volume()))
        .texts(tick.conditions() == null ? List.of() : tick.conditions())
        .number(tick.receivedAt())
        .number(latest.writeTime())
        .row();
  }
}
