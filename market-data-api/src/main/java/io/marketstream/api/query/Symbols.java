package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Candle;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.CandleKind;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The symbols that there are, with their newest ticks. Thread-safe. */
public final class Symbols {
  /** After this time the list of newest ticks is read again. It may be twice as old. */
  private static final Duration RENEW_LATEST_AFTER = Duration.ofMillis(250);

  /** The same for the list with opening prices. */
  private static final Duration RENEW_OVERVIEW_AFTER = Duration.ofSeconds(1);

  /** The same for the list of open gaps. They are read from two partitions per symbol. */
  private static final Duration RENEW_GAPS_AFTER = Duration.ofMillis(2_500);

  /** The same for the first price of a day, from its first candle on. */
  private static final Duration RENEW_DAY_OPEN_AFTER = Duration.ofMinutes(10);

  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final int CONCURRENT_REQUESTS = 64;

  private final Database database;
  private final Candles candles;
  private final Gaps gaps;
  private final Clock clock;
  private final Cached<NavigableMap<Instrument, Tick>> latest;
  private final Cached<List<Overview>> overview;
  private final Cached<Map<Instrument, Gap>> openGaps;
  private final LongSupplier nanoTime;
  private final Map<Instrument, DayOpen> dayOpens = new ConcurrentHashMap<>();

  /**
   * One line of the list of symbols.
   *
   * @param dayOpen the first price of the UTC day of the newest tick; null if no candle has one yet
   * @param openGap the gap that is open now; null if there is none
   */
  public record Overview(Tick latest, @Nullable BigDecimal dayOpen, @Nullable Gap openGap) {}

  /**
   * The first price of a day, as far as its candles have been read.
   *
   * @param day epoch ms of its start
   * @param sinceNanos when the day was read from its start
   * @param readTo epoch ms up to which candles were read
   * @param kind of the price; null while there is none
   */
  private record DayOpen(
      long day,
      long sinceNanos,
      long readTo,
      @Nullable BigDecimal price,
      @Nullable CandleKind kind) {}

  public Symbols(
      Database database, Candles candles, Gaps gaps, Clock clock, LongSupplier nanoTime) {
    this.database = database;
    this.candles = candles;
    this.gaps = gaps;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.latest = new Cached<>(RENEW_LATEST_AFTER, nanoTime, this::readLatest);
    this.openGaps = new Cached<>(RENEW_GAPS_AFTER, nanoTime, this::readOpenGaps);
    this.overview = new Cached<>(RENEW_OVERVIEW_AFTER, nanoTime, this::readOverview);
  }

  /** The newest tick of every symbol. */
  public CompletableFuture<NavigableMap<Instrument, Tick>> latest() {
    return latest.get();
  }

  /** Every symbol, by name, with the day's open and the open gap. */
  public CompletableFuture<List<Overview>> overview() {
    return overview.get();
  }

  /**
   * The instruments with this symbol.
   *
   * @param source only of this source; null for all
   */
  public CompletableFuture<List<Instrument>> find(@Nullable String source, String symbol) {
    return latest()
        .thenApply(
            ticks ->
                ticks.keySet().stream()
                    .filter(
                        each ->
                            each.symbol().equals(symbol)
                                && (source == null || each.source().equals(source)))
                    .toList());
  }

  private CompletableFuture<NavigableMap<Instrument, Tick>> readLatest() {
    MarketTables tables = database.tables();
    return tables
        .sources()
        .thenCompose(
            sources -> MarketTables.all(sources.stream().sorted().map(tables::latest).toList()))
        .thenApply(
            bySource ->
                bySource.stream()
                    .flatMap(List::stream)
                    .collect(
                        Collectors.toMap(
                            Tick::instrument, tick -> tick, (a, b) -> a, TreeMap::new)));
  }

  /** From the shared list: what is listed here is found by {@link #find}. */
  private CompletableFuture<List<Overview>> readOverview() {
    return latest()
        .thenCompose(
            ticks ->
                openGaps
                    .get()
                    .thenCompose(
                        open ->
                            MarketTables.each(
                                List.copyOf(ticks.values()),
                                CONCURRENT_REQUESTS,
                                tick ->
                                    dayOpen(tick)
                                        .thenApply(
                                            price ->
                                                new Overview(
                                                    tick,
                                                    price.orElse(null),
                                                    open.get(tick.instrument()))))));
  }

  private CompletableFuture<Map<Instrument, Gap>> readOpenGaps() {
    return latest().thenCompose(ticks -> gaps.open(ticks.keySet(), clock.millis()));
  }

  /** Reads only candles that are new since the last time. */
  private CompletableFuture<Optional<BigDecimal>> dayOpen(Tick tick) {
    long day = Math.floorDiv(tick.eventTime(), DAY_MS) * DAY_MS;
    DayOpen stored = dayOpens.get(tick.instrument());
    long now = nanoTime.getAsLong();
    // The repair of a gap may change the first candle of the day.
    boolean isFresh =
        stored != null
            && stored.day() == day
            && now - stored.sinceNanos() < RENEW_DAY_OPEN_AFTER.toNanos();
    DayOpen known = stored != null && isFresh ? stored : new DayOpen(day, now, day, null, null);
    if (known.kind() == CandleKind.TRADE) {
      return CompletableFuture.completedFuture(Optional.ofNullable(known.price()));
    }
    return candles
        .storedIntervals()
        .thenCompose(
            intervals -> {
              CandleInterval interval = intervals.get(intervals.size() - 1);
              return candles
                  .stored(tick.instrument(), interval, known.readTo(), tick.eventTime() + 1)
                  .thenApply(
                      read -> {
                        DayOpen open = with(known, read, interval);
                        dayOpens.put(tick.instrument(), open);
                        return Optional.ofNullable(open.price());
                      });
            });
  }

  private static DayOpen with(DayOpen known, List<Candle> read, CandleInterval interval) {
    DayOpen open = known;
    for (Candle candle : read) {
      Candle.Prices prices = candle.prices();
      CandleKind kind = kind(candle.kind());
      CandleKind best = open.kind();
      boolean isBetter = prices != null && (best == null || kind.compareTo(best) < 0);
      open =
          new DayOpen(
              open.day(),
              open.sinceNanos(),
              // The newest candle may still change.
              Math.max(open.readTo(), candle.openTime() - interval.millis()),
              isBetter && prices != null ? prices.open() : open.price(),
              isBetter ? kind : best);
    }
    return open;
  }

  private static CandleKind kind(String name) {
    for (CandleKind kind : CandleKind.values()) {
      if (kind.wireName().equals(name)) {
        return kind;
      }
    }
    return CandleKind.PRICE;
  }
}
