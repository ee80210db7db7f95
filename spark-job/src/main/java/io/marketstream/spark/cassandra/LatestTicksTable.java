package io.marketstream.spark.cassandra;

import io.marketstream.spark.candle.LatestTick;
import io.marketstream.spark.record.Tick;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table of each symbol's newest tick. */
public final class LatestTicksTable {
  public static final TableShape SHAPE =
      new TableShape("latest_ticks", "003_latest_ticks.cql", TicksTable.SHAPE.columns());

  /**
   * The column of {@link #SCHEMA} that is no column of the table but the row's write time, in µs.
   */
  public static final String WRITE_TIME = "write_time";

  public static final StructType SCHEMA =
      TicksTable.SCHEMA.add(WRITE_TIME, DataTypes.LongType, false);

  private LatestTicksTable() {}

  /**
   * A row with every column bound: a column left out would keep the value of an older tick, and the
   * row would show two ticks as one.
   */
  public static Row row(LatestTick latest) {
    Tick tick = latest.tick();
    List<String> conditions = tick.conditions() == null ? List.of() : tick.conditions();
    return RowFactory.create(
        tick.source(),
        tick.symbol(),
        PartitionTime.hour(tick.eventTime()),
        tick.eventTime(),
        tick.session(),
        tick.sequence(),
        tick.kind().wire(),
        tick.price(),
        tick.volume() == null ? "0" : tick.volume(),
        conditions.toArray(),
        tick.receivedAt(),
        latest.writeTime());
  }
}
