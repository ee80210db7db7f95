package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.GapTimeline;
import io.marketstream.api.market.Instrument;
import io.marketstream.model.Fields;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Gaps of a time range. Thread-safe. */
public final class Gaps {
  /** A gap that began longer before the range is not found. */
  private static final int MONTHS_BEFORE = 2;

  private static final int CONCURRENT_REQUESTS = 64;
  private static final int CONCURRENT_SYMBOLS = 16;
  private static final int CONCURRENT_MONTHS = 4;

  private final Database database;

  public Gaps(Database database) {
    this.database = database;
  }

  /** The gaps of a symbol around a time range, those of its whole source included. */
  public CompletableFuture<GapTimeline> around(Instrument instrument, long from, long to) {
    return months(instrument.source(), List.of(instrument.symbol(), Fields.ALL_SYMBOLS), from, to)
        .thenApply(GapTimeline::new);
  }

  /**
   * The gaps that are open now, of gaps that began in this month or the one before.
   *
   * @param now epoch ms
   */
  CompletableFuture<Map<Instrument, Gap>> open(Collection<Instrument> instruments, long now) {
    // A gap of a whole source is read once, not with each of its symbols.
    List<Instrument> asked = withSources(instruments);
    LocalDate month = Candles.month(now);
    return MarketTables.each(
            asked,
            CONCURRENT_REQUESTS,
            each ->
                database
                    .tables()
                    .gaps(each.source(), each.symbol(), month)
                    .thenCombine(
                        database.tables().gaps(each.source(), each.symbol(), month.minusMonths(1)),
                        (newer, before) -> Stream.concat(newer.stream(), before.stream()).toList()))
        .thenApply(
            found -> {
              Map<Instrument, List<Gap>> byInstrument = new HashMap<>();
              for (int i = 0; i < asked.size(); i++) {
                byInstrument.put(asked.get(i), found.get(i));
              }
              return openOf(instruments, byInstrument);
            });
  }

  private static Map<Instrument, Gap> openOf(
      Collection<Instrument> instruments, Map<Instrument, List<Gap>> byInstrument) {
    Map<Instrument, Gap> open = new HashMap<>();
    for (Instrument instrument : instruments) {
      List<Gap> gaps = new ArrayList<>(byInstrument.getOrDefault(instrument, List.of()));
      gaps.addAll(
          byInstrument.getOrDefault(
              new Instrument(instrument.source(), Fields.ALL_SYMBOLS), List.of()));
      new GapTimeline(gaps).open().ifPresent(gap -> open.put(instrument, gap));
    }
    return open;
  }

  /**
   * The gaps of a time range, of these symbols and of their whole sources. Each is there once.
   *
   * @param from epoch ms
   * @param to epoch ms, exclusive
   */
  public CompletableFuture<List<Gap>> between(
      Collection<Instrument> instruments, long from, long to) {
    List<Instrument> asked = withSources(instruments);
    return MarketTables.each(
            asked,
            CONCURRENT_SYMBOLS,
            each -> months(each.source(), List.of(each.symbol()), from, to))
        .thenApply(
            found ->
                found.stream()
                    .flatMap(gaps -> new GapTimeline(gaps).between(from, to).stream())
                    .toList());
  }

  private static List<Instrument> withSources(Collection<Instrument> instruments) {
    return Stream.concat(
            instruments.stream(),
            instruments.stream().map(each -> new Instrument(each.source(), Fields.ALL_SYMBOLS)))
        .distinct()
        .toList();
  }

  private CompletableFuture<List<Gap>> months(
      String source, List<String> symbols, long from, long to) {
    MarketTables tables = database.tables();
    List<Instrument> partitions = new ArrayList<>();
    List<LocalDate> months = new ArrayList<>();
    // A gap after the range can tell when one within it ended.
    LocalDate last = Candles.month(to).plusMonths(1);
    for (LocalDate month = Candles.month(from).minusMonths(MONTHS_BEFORE);
        !month.isAfter(last);
        month = month.plusMonths(1)) {
      months.add(month);
    }
    symbols.forEach(symbol -> partitions.add(new Instrument(source, symbol)));
    return MarketTables.each(
            months,
            CONCURRENT_MONTHS,
            month ->
                MarketTables.all(
                        partitions.stream()
                            .map(each -> tables.gaps(each.source(), each.symbol(), month))
                            .toList())
                    .thenApply(found -> found.stream().flatMap(List::stream).toList()))
        .thenApply(found -> found.stream().flatMap(List::stream).toList());
  }
}
