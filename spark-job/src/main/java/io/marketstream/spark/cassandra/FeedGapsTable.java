package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.model.Tables;
import io.marketstream.spark.record.Gap;
import java.util.Map;

/**
 * The table {@code feed_gaps}: one row per gap.
 *
 * <p>The open and the closed record of a gap write to the same row. Each writes only the columns
 * that it has, so neither deletes what the other wrote.
 */
public final class FeedGapsTable {
  public static final TableShape SHAPE =
      new TableShape(
              Tables.FEED_GAPS,
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
                  Map.entry("detail", "text")))
          .with(
              "009_trade_ids.cql",
              Map.of(
                  "first_missing_id", "text",
                  "last_missing_id", "text",
                  "repaired_at", "timestamp"));

  static final String INSERT =
      "INSERT INTO %s."
          + Tables.FEED_GAPS
          + " (source, symbol, month, gap_start, session_before, first_missing,"
          + " gap_end, session_after, cause, dropped, detail,"
          + " first_missing_id, last_missing_id, repaired_at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private FeedGapsTable() {}

  /**
   * A partition of the table.
   *
   * @param month first day of the month, in days since 1970
   */
  record Partition(String source, String symbol, int month) {}

  static EncodedRow encode(RowEncoder row, PreparedStatement insert, Gap gap) {
    return row.begin(insert, EncodedKey.NONE)
        .text(gap.source())
        .text(gap.symbol())
        .date(PartitionTime.month(gap.gapStart()))
        .number(gap.gapStart())
        .number(gap.sessionBefore())
        .number(gap.firstMissing())
        .number(gap.gapEnd())
        .number(gap.sessionAfter())
        .text(gap.cause())
        .number(gap.dropped())
        .text(gap.detail())
        .text(gap.firstMissingId())
        .text(gap.lastMissingId())
        .number(gap.repairedAt())
        .row();
  }
}
