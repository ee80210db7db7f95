package io.marketstream.api.export;

import static io.marketstream.api.export.Column.optional;
import static io.marketstream.api.export.Column.required;

import java.util.List;
import java.util.Locale;

/** A kind of data, which has files of its own. */
public enum DataKind {
  TICKS(
      required("source", ColumnType.TEXT),
      required("symbol", ColumnType.TEXT),
      required("event_time", ColumnType.TIME),
      required("session", ColumnType.INTEGER),
      required("sequence", ColumnType.INTEGER),
      optional("kind", ColumnType.TEXT),
      optional("price", ColumnType.PRICE),
      optional("volume", ColumnType.VOLUME),
      optional("conditions", ColumnType.TEXTS),
      optional("received_at", ColumnType.TIME),
      optional("trade_id", ColumnType.TEXT),
      optional("side", ColumnType.TEXT),
      optional("origin", ColumnType.TEXT)),
  CANDLES(
      required("source", ColumnType.TEXT),
      required("symbol", ColumnType.TEXT),
      required("interval", ColumnType.TEXT),
      required("open_time", ColumnType.TIME),
      optional("open", ColumnType.PRICE),
      optional("high", ColumnType.PRICE),
      optional("low", ColumnType.PRICE),
      optional("close", ColumnType.PRICE),
      optional("volume", ColumnType.VOLUME),
      optional("vwap", ColumnType.QUOTIENT),
      optional("trades", ColumnType.INTEGER),
      optional("kind", ColumnType.TEXT)),
  GAPS(
      required("source", ColumnType.TEXT),
      required("symbol", ColumnType.TEXT),
      required("gap_start", ColumnType.TIME),
      optional("gap_end", ColumnType.TIME),
      optional("known_end", ColumnType.TIME),
      required("cause", ColumnType.TEXT),
      required("session_before", ColumnType.INTEGER),
      optional("session_after", ColumnType.INTEGER),
      required("first_missing", ColumnType.INTEGER),
      optional("dropped", ColumnType.INTEGER),
      optional("detail", ColumnType.TEXT),
      optional("first_missing_id", ColumnType.TEXT),
      optional("last_missing_id", ColumnType.TEXT),
      optional("repaired_at", ColumnType.TIME));

  @SuppressWarnings("ImmutableEnumChecker") // it is List.of
  private final List<Column> columns;

  DataKind(Column... columns) {
    this.columns = List.of(columns);
  }

  /** The columns of its files, in order. */
  List<Column> columns() {
    return columns;
  }

  /** The word for it in options, and the name of its folder. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
