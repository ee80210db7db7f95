package io.marketstream.auditor.cluster;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.SymbolKey;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the rows that change with new ticks: latest ticks and open candles. */
final class ChangingRowsReader {
  /** Candles of a symbol that may change. */
  private record OpenCandles(SymbolKey key, ComputedInterval kept, LocalDate month, long from) {}

  private final TableReader tables;
  private final Map<SymbolKey, TableReader.LatestRow> latest;

  /**
   * @param latest the rows of {@code latest_ticks}
   */
  ChangingRowsReader(TableReader tables, Map<SymbolKey, TableReader.LatestRow> latest) {
    this.tables = tables;
    this.latest = latest;
  }

  /**
   * Reads the open candles of all symbols, and combines them with their latest ticks.
   *
   * @param keys the symbols with a latest tick or with candles
   * @param now epoch ms
   */
  Map<SymbolKey, ChangingRows> read(
      Set<SymbolKey> keys, List<ComputedInterval> intervals, long now) {
    Map<SymbolKey, Map<String, Map<Long, Candle>>> candles = new HashMap<>();
    List<OpenCandles> asked = new ArrayList<>();
    for (SymbolKey key : keys) {
      for (ComputedInterval each : intervals) {
        long from = openFrom(key, each, now);
        TableReader.months(from, Math.max(from, newestCandle(key, now)))
            .forEach(month -> asked.add(new OpenCandles(key, each, month, from)));
      }
    }
    tables.candles(
        asked.iterator(),
        each ->
            tables.candlesOf(
                each.key(), each.kept().interval(), each.month(), each.from(), Long.MAX_VALUE / 2),
        (each, candle) ->
            candles
                .computeIfAbsent(each.key(), unseen -> new HashMap<>())
                .computeIfAbsent(candle.interval(), unseen -> new HashMap<>())
                .put(candle.openTime(), candle));
    Map<SymbolKey, ChangingRows> rows = new HashMap<>();
    for (SymbolKey key : keys) {
      rows.put(key, rowsOf(key, intervals, candles.getOrDefault(key, Map.of()), now));
    }
    return rows;
  }

  private ChangingRows rowsOf(
      SymbolKey key,
      List<ComputedInterval> intervals,
      Map<String, Map<Long, Candle>> candles,
      long now) {
    Map<String, Long> from = new HashMap<>();
    intervals.forEach(each -> from.put(each.interval().name(), openFrom(key, each, now)));
    return ChangingRows.of(
        Optional.ofNullable(latest.get(key)).map(TableReader.LatestRow::tick), from, candles, true);
  }

  /** The opening time of the oldest candle that was open when the newest tick arrived. */
  private long openFrom(SymbolKey key, ComputedInterval kept, long now) {
    TableReader.LatestRow row = latest.get(key);
    long newest = row == null ? now : row.tick().eventTime();
    return kept.interval().openTime(newest - kept.latenessMs());
  }

  private long newestCandle(SymbolKey key, long now) {
    TableReader.LatestRow row = latest.get(key);
    return Math.max(now + AuditPreparation.AHEAD_MS, row == null ? now : row.tick().eventTime());
  }
}
