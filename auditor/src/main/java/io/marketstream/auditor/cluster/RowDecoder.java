package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.auditor.check.RowFault;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.model.Tables;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns rows of the tables into values, and reports rows that are wrong by themselves. */
final class RowDecoder {
  private RowDecoder() {}

  static SymbolKey key(Row row) {
    return new SymbolKey(row.getString("source"), row.getString("symbol"));
  }

  static TickRow tickRow(Row row) {
    return new TickRow(
        tick(row), row.getInstant("hour").toEpochMilli(), row.getLong("written") / 1_000);
  }

  /** Decodes a row of {@code latest_ticks}, which has no trade ids. */
  static Tick latestTick(Row row) {
    return tick(row, null, null, null);
  }

  private static Tick tick(Row row) {
    return tick(row, row.getString("trade_id"), row.getString("side"), row.getString("origin"));
  }

  private static Tick tick(
      Row row, @Nullable String tradeId, @Nullable String side, @Nullable String origin) {
    return new Tick(
        new TickId(row.getLong("session"), row.getLong("sequence")),
        row.getInstant("event_time").toEpochMilli(),
        row.getInstant("received_at").toEpochMilli(),
        String.valueOf(row.getString("kind")),
        row.getBigDecimal("price"),
        row.getBigDecimal("volume"),
        row.getList("conditions", String.class),
        tradeId,
        side,
        origin);
  }

  private static RowFault misplaced(String table, LocalDate month, Object row) {
    return new RowFault(
        FindingKind.MISPLACED,
        table + ": the row is in the partition of the month " + month,
        table + ": " + row);
  }

  /** Whether a row has all required columns. A row that was written by hand may lack some. */
  static boolean isWhole(Row row, Consumer<RowFault> faults) {
    for (String column : List.of("event_time", "received_at", "kind", "price")) {
      if (row.isNull(column)) {
        String id = row.getLong("session") + "/" + row.getLong("sequence");
        faults.accept(
            new RowFault(
                FindingKind.INCOMPLETE,
                "ticks: tick " + id + " has no " + column,
                "ticks: " + row.getFormattedContents()));
        return false;
      }
    }
    return true;
  }

  static Candle candle(Row row, Consumer<RowFault> faults) {
    Candle candle =
        new Candle(
            row.getString("interval"),
            row.getInstant("open_time").toEpochMilli(),
            row.getBigDecimal("open"),
            row.getBigDecimal("high"),
            row.getBigDecimal("low"),
            row.getBigDecimal("close"),
            row.getBigDecimal("volume"),
            row.getBigDecimal("vwap"),
            row.getLong("trades"),
            row.getString("kind"));
    LocalDate month = row.getLocalDate("month");
    if (!TableReader.month(candle.openTime()).equals(month)) {
      faults.accept(misplaced(Tables.CANDLES, month, candle));
    }
    return candle;
  }

  static Gap gap(Row row, Consumer<RowFault> faults) {
    Gap gap =
        new Gap(
            row.getString("symbol"),
            String.valueOf(row.getString("cause")),
            row.getInstant("gap_start").toEpochMilli(),
            row.isNull("gap_end") ? null : (Long) row.getInstant("gap_end").toEpochMilli(),
            row.getLong("session_before"),
            row.isNull("session_after") ? null : (Long) row.getLong("session_after"),
            row.getLong("first_missing"),
            row.isNull("dropped") ? null : (Long) row.getLong("dropped"),
            row.getString("first_missing_id"),
            row.getString("last_missing_id"),
            row.isNull("repaired_at") ? null : (Long) row.getInstant("repaired_at").toEpochMilli());
    LocalDate month = row.getLocalDate("month");
    if (!TableReader.month(gap.start()).equals(month)) {
      faults.accept(misplaced(Tables.FEED_GAPS, month, gap));
    }
    return gap;
  }
}
