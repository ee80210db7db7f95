package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Candle;
import io.marketstream.api.market.Coverage;
import io.marketstream.api.market.GapTimeline;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How completely symbols were recorded, per day or hour (UTC). A day that {@code audit --daily} has
 * judged gets that verdict. All others are computed. Thread-safe.
 */
public final class Completeness {
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  /** How long after its end a time may still get ticks. */
  private static final long SETTLING_MS = Duration.ofMinutes(3).toMillis();

  private static final long MAX_AGE_OF_COUNT_MS = Duration.ofMinutes(5).toMillis();
  private static final int CONCURRENT_COUNTS = 24;
  private static final int MAX_COUNTS_KEPT = 100_000;

  private final Database database;
  private final Symbols symbols;
  private final Candles candles;
  private final Gaps gaps;
  private final Clock clock;
  private final Map<Instrument, Long> recordedSince = new ConcurrentHashMap<>();
  private final Map<Hour, Count> counts =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Hour, Count> eldest) {
              return size() > MAX_COUNTS_KEPT;
            }
          });

  private record Hour(Instrument instrument, long start) {}

  private record Count(long ticks, long countedAt) {}

  public Completeness(Database database, Symbols symbols, Candles candles, Gaps gaps, Clock clock) {
    this.database = database;
    this.symbols = symbols;
    this.candles = candles;
    this.gaps = gaps;
    this.clock = clock;
  }

  /**
   * The coverage of each part of a time.
   *
   * @param from epoch ms, the start of a part
   * @param to epoch ms, exclusive, the end of a part
   * @param partMs a day or an hour
   */
  public CompletableFuture<List<Coverage>> of(
      Instrument instrument, long from, long to, long partMs) {
    List<Long> starts = new ArrayList<>();
    for (long start = from; start < to; start += partMs) {
      starts.add(start);
    }
    CompletableFuture<GapTimeline> timeline = gaps.around(instrument, from, to);
    CompletableFuture<Long> since = recordedSince(instrument);
    CompletableFuture<Long> until = deliveredUntil(instrument, timeline);
    return timeline.thenCompose(
        known ->
            since.thenCompose(
                begin ->
                    until.thenCompose(
                        end ->
                            MarketTables.each(
                                starts,
                                1,
                                start ->
                                    part(instrument, start, start + partMs, begin, end, known)))));
  }

  /**
   * The coverage of a time that is not over, for many symbols. Its ticks are not counted, which
   * would take long: they are 0.
   *
   * @param from epoch ms
   * @param to epoch ms, exclusive
   */
  public CompletableFuture<Coverage> soFar(Instrument instrument, long from, long to) {
    CompletableFuture<GapTimeline> timeline = gaps.around(instrument, from, to);
    CompletableFuture<Long> since = recordedSince(instrument, from, to);
    return deliveredUntil(instrument, timeline)
        .thenCompose(
            until ->
                timeline.thenCombine(
                    since,
                    (known, begin) ->
                        Coverage.of(from, to, begin, Math.min(until, to - 1), known, 0)));
  }

  /** Epoch ms until which the source is known to have delivered. */
  private CompletableFuture<Long> deliveredUntil(
      Instrument instrument, CompletableFuture<GapTimeline> timeline) {
    return symbols
        .latest()
        .thenCombine(
            timeline,
            (latest, known) -> {
              Tick newest = latest.get(instrument);
              // Only what concerns this symbol counts: its connector may be one of several.
              return Math.max(
                  newest == null ? 0 : newest.receivedAt(),
                  known.knownUntil(clock.millis()).orElse(0L));
            });
  }

  private CompletableFuture<Coverage> part(
      Instrument instrument, long from, long to, long since, long until, GapTimeline timeline) {
    if (to - from == DAY_MS) {
      LocalDate day = LocalDate.ofEpochDay(from / DAY_MS);
      return database
          .tables()
          .verdict(instrument, day)
          .thenCompose(
              verdict ->
                  verdict.isPresent()
                      ? CompletableFuture.completedFuture(audited(from, to, verdict.get()))
                      : computed(instrument, from, to, since, until, timeline));
    }
    return computed(instrument, from, to, since, until, timeline);
  }

  private static Coverage audited(long from, long to, MarketTables.Verdict verdict) {
    return new Coverage(
        from,
        to,
        Math.max(0, to - from - verdict.gapMs()),
        verdict.gapMs(),
        verdict.ticks(),
        verdict.dropped(),
        Coverage.State.valueOf(verdict.state().toUpperCase(Locale.ROOT)),
        true);
  }

  private CompletableFuture<Coverage> computed(
      Instrument instrument, long from, long to, long since, long until, GapTimeline timeline) {
    List<Long> hours = new ArrayList<>();
    for (long hour = from; hour < to; hour += Ticks.HOUR_MS) {
      hours.add(hour);
    }
    boolean isOver = clock.millis() >= to + SETTLING_MS;
    return MarketTables.each(hours, CONCURRENT_COUNTS, hour -> count(instrument, hour))
        .thenApply(
            ticks ->
                Coverage.of(
                    from,
                    to,
                    since,
                    isOver ? until : Math.min(until, to - 1),
                    timeline,
                    ticks.stream().mapToLong(Long::longValue).sum()));
  }

  private CompletableFuture<Long> count(Instrument instrument, long hour) {
    Hour key = new Hour(instrument, hour);
    long now = clock.millis();
    Count known = counts.get(key);
    if (known != null && now - known.countedAt() < MAX_AGE_OF_COUNT_MS) {
      return CompletableFuture.completedFuture(known.ticks());
    }
    return database
        .tables()
        .countTicks(instrument, hour)
        .thenApply(
            count -> {
              // Not for ever: a job that catches up, a rebuild or the retention changes it later.
              if (now >= hour + 2 * Ticks.HOUR_MS) {
                counts.put(key, new Count(count, now));
              }
              return count;
            });
  }

  /** Epoch ms at which the symbol's first connection opened. */
  private CompletableFuture<Long> recordedSince(Instrument instrument) {
    Long known = recordedSince.get(instrument);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return candles
        .storedIntervals()
        .thenCompose(stored -> candles.first(instrument, stored.get(0), clock.millis()))
        .thenCompose(
            first ->
                first.isEmpty()
                    ? CompletableFuture.completedFuture(Long.MAX_VALUE)
                    : firstSession(instrument, first.get()))
        .thenApply(
            since -> {
              if (since != Long.MAX_VALUE) {
                recordedSince.put(instrument, since);
              }
              return since;
            });
  }

  /**
   * The same as far as a time is concerned: what was recorded in this month or the one before is
   * recorded since. The search for the very first candle takes some dozen requests.
   */
  private CompletableFuture<Long> recordedSince(Instrument instrument, long from, long to) {
    MarketTables tables = database.tables();
    LocalDate month = Candles.month(from);
    return candles
        .storedIntervals()
        .thenCompose(
            stored -> {
              String interval = stored.get(0).name();
              return tables
                  .lastCandle(instrument, interval, month, from)
                  .thenCombine(
                      tables.lastCandle(instrument, interval, month.minusMonths(1), from),
                      (last, before) -> last.isPresent() || before.isPresent())
                  .thenCompose(
                      isOlder ->
                          isOlder
                              ? CompletableFuture.completedFuture(from)
                              : tables
                                  .candles(instrument, interval, month, from, to, 1)
                                  .thenCompose(
                                      first ->
                                          first.isEmpty()
                                              ? CompletableFuture.completedFuture(Long.MAX_VALUE)
                                              : firstSession(instrument, first.get(0))));
            });
  }

  /** When the first connection of the candle's hour opened. Ticks expire earlier than candles. */
  private CompletableFuture<Long> firstSession(Instrument instrument, Candle first) {
    long hour = Ticks.hour(first.openTime());
    return FirstConnection.openedAt(
            (after, limit) -> database.tables().ticksAscending(instrument, hour, after, limit))
        .thenApply(opened -> opened.orElse(first.openTime()));
  }
}
