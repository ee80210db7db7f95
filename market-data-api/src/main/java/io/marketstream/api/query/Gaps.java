package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.GapTimeline;
import io.marketstream.api.market.Instrument;
import io.marketstream.model.Fields;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Gaps of a time range. Thread-safe. */
public final class Gaps {
  /** A gap that began longer before the range is not found. */
  private static final int MONTHS_BEFORE = 2;

  private final Database database;

  public Gaps(Database database) {
    this.database = database;
  }

  /** The gaps of a symbol around a time range, those of its whole source included. */
  public CompletableFuture<GapTimeline> around(Instrument instrument, long from, long to) {
    return months(instrument.source(), List.of(instrument.symbol(), Fields.ALL_SYMBOLS), from, to)
        .thenApply(GapTimeline::new);
  }

  /** The gap of a symbol that is open; empty if there is none. */
  public CompletableFuture<Optional<Gap>> open(Instrument instrument, long now) {
    return around(instrument, now, now).thenApply(GapTimeline::open);
  }

  private CompletableFuture<List<Gap>> months(
      String source, List<String> symbols, long from, long to) {
    MarketTables tables = database.tables();
    List<CompletableFuture<List<Gap>>> asked = new ArrayList<>();
    // A gap after the range can tell when one within it ended.
    LocalDate last = Candles.month(to).plusMonths(1);
    for (LocalDate month = Candles.month(from).minusMonths(MONTHS_BEFORE);
        !month.isAfter(last);
        month = month.plusMonths(1)) {
      for (String symbol : symbols) {
        asked.add(tables.gaps(source, symbol, month));
      }
    }
    return MarketTables.all(asked)
        .thenApply(found -> found.stream().flatMap(List::stream).toList());
  }
}
