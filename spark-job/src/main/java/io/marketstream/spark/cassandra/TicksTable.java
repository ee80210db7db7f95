package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.model.Tables;
import io.marketstream.model.TickKind;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The table {@code ticks}: one row per tick. */
public final class TicksTable {
  /** The columns that {@code latest_ticks} has as well. */
  static final Map<String, String> COLUMNS_OF_EVERY_FEED =
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
          Map.entry("received_at", "timestamp"));

  public static final TableShape SHAPE =
      new TableShape(Tables.TICKS, "002_ticks.cql", COLUMNS_OF_EVERY_FEED)
          .with("009_trade_ids.cql", Map.of("trade_id", "text", "side", "text", "origin", "text"));

  static final String INSERT =
      "INSERT INTO %s."
          + Tables.TICKS
          + " (source, symbol, hour, event_time, session, sequence, kind, price, volume,"
          + " conditions, received_at, trade_id, side, origin)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private TicksTable() {}

  /**
   * A partition of the table.
   *
   * @param hour start of the hour, epoch ms
   */
  record Partition(String source, String symbol, long hour) {
    EncodedKey encoded() {
      return new EncodedKey(
          List.of(
              RowEncoder.encoded(source), RowEncoder.encoded(symbol), RowEncoder.encoded(hour)));
    }
  }

  private static final Map<TickKind, ByteBuffer> KINDS = new EnumMap<>(TickKind.class);

  static {
    for (TickKind kind : TickKind.values()) {
      KINDS.put(kind, RowEncoder.encoded(kind.wireName()));
    }
  }

  private static ByteBuffer kind(TickKind kind) {
    return Objects.requireNonNull(KINDS.get(kind));
  }

  static EncodedRow encode(RowEncoder row, PreparedStatement insert, EncodedKey key, Tick tick) {
    return row.begin(insert, key)
        .number(tick.eventTime())
        .number(tick.session())
        .number(tick.sequence())
        .shared(kind(tick.kind()))
        .decimal(new BigDecimal(tick.price()))
        .decimal(tick.volume() == null ? null : new BigDecimal(tick.volume()))
        .texts(tick.conditions())
        .number(tick.receivedAt())
        .text(tick.tradeId())
        .text(tick.side() == null ? null : tick.side().wireName())
        .text(tick.origin() == null ? null : tick.origin().wireName())
        .row();
  }
}
