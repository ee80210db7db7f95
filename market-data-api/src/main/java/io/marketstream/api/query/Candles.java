package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.market.Candle;
import io.marketstream.api.market.CandleRollup;
import io.marketstream.api.market.Instrument;
import io.marketstream.model.CandleInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Candles of any interval that a stored interval divides. Thread-safe. */
public final class Candles {
  private static final Duration RENEW_INTERVALS_AFTER = Duration.ofSeconds(30);
  private static final CandleInterval MINUTE = CandleInterval.parse("1m");

  /** After so many months without a candle, the search for an earlier one ends. */
  private static final int MAX_EMPTY_MONTHS = 24;

  private final Database database;
  private final Cached<List<CandleInterval>> intervals;

  public Candles(Database database, LongSupplier nanoTime) {
    this.database = database;
    this.intervals =
        new Cached<>(
            RENEW_INTERVALS_AFTER,
            nanoTime,
            () -> database.tables().storedIntervals().thenApply(Candles::intervals));
  }

  /**
   * A page of candles.
   *
   * @param candles in ascending order of time
   * @param next epoch ms of the first candle of the next page; null on the last page
   */
  public record Page(List<Candle> candles, @Nullable Long next) {}

  /** The stored intervals, the shortest first; at least one. */
  public CompletableFuture<List<CandleInterval>> storedIntervals() {
    return intervals.get();
  }

  private static List<CandleInterval> intervals(List<String> names) {
    List<CandleInterval> stored =
        names.stream()
            .map(CandleInterval::parse)
            .sorted(Comparator.comparingLong(CandleInterval::millis))
            .toList();
    return stored.isEmpty() ? List.of(MINUTE) : stored;
  }

  /** The stored interval from which an interval can be made; empty if there is none. */
  public CompletableFuture<Optional<CandleInterval>> base(CandleInterval interval) {
    return storedIntervals()
        .thenApply(
            stored ->
                stored.stream()
                    .filter(each -> interval.millis() % each.millis() == 0)
                    .max(Comparator.comparingLong(CandleInterval::millis)));
  }

  /**
   * A page of candles, rolled up where needed.
   *
   * @param base a stored interval that divides {@code interval}
   * @param from epoch ms; the candle that contains it is the first
   * @param to epoch ms, exclusive
   */
  public CompletableFuture<Page> page(
      Instrument instrument,
      CandleInterval interval,
      CandleInterval base,
      long from,
      long to,
      int limit) {
    long parts = interval.millis() / base.millis();
    int rows = Math.toIntExact(Math.min(Integer.MAX_VALUE - 1L, (limit + 1L) * parts));
    // The last candle has all its parts, as a stored one has.
    long end = interval.openTime(to - 1) + interval.millis();
    return months(instrument, base, interval.openTime(from), end, rows)
        .thenApply(
            stored -> {
              List<Candle> candles = CandleRollup.rollUp(stored, interval);
              // What lies behind the last row was not read: the last candle may lack parts.
              boolean isCut = stored.size() >= rows;
              List<Candle> page =
                  candles.subList(0, Math.min(limit, candles.size() - (isCut ? 1 : 0)));
              boolean hasMore = page.size() < candles.size();
              return new Page(page, hasMore ? candles.get(page.size()).openTime() : null);
            });
  }

  /** Candles as they are stored, in ascending order of time. */
  CompletableFuture<List<Candle>> stored(
      Instrument instrument, CandleInterval interval, long from, long to) {
    return months(instrument, interval, from, to, Integer.MAX_VALUE - 1);
  }

  /**
   * The newest candles before a time, in ascending order.
   *
   * @param before epoch ms, exclusive
   */
  public CompletableFuture<List<Candle>> newest(
      Instrument instrument, CandleInterval interval, CandleInterval base, long before, int limit) {
    return lastBefore(instrument, base, before)
        .thenCompose(
            last -> {
              if (last.isEmpty()) {
                return CompletableFuture.completedFuture(List.<Candle>of());
              }
              long end = interval.openTime(last.get().openTime()) + interval.millis();
              return newest(instrument, interval, base, Math.min(before, end), limit, List.of());
            });
  }

  /** Goes back in time until there are enough candles: a market is closed at night. */
  private CompletableFuture<List<Candle>> newest(
      Instrument instrument,
      CandleInterval interval,
      CandleInterval base,
      long before,
      int limit,
      List<Candle> later) {
    long missing = (long) limit - later.size();
    long from = interval.openTime(before - 1 - Math.max(1, missing - 1) * interval.millis());
    return months(instrument, base, from, before, Integer.MAX_VALUE - 1)
        .thenCompose(
            stored -> {
              List<Candle> candles = new ArrayList<>(CandleRollup.rollUp(stored, interval));
              candles.addAll(later);
              if (candles.size() >= limit) {
                return CompletableFuture.completedFuture(
                    List.copyOf(candles.subList(candles.size() - limit, candles.size())));
              }
              return lastBefore(instrument, base, from)
                  .thenCompose(
                      last ->
                          last.isEmpty()
                              ? CompletableFuture.completedFuture(List.copyOf(candles))
                              : newest(
                                  instrument,
                                  interval,
                                  base,
                                  interval.openTime(last.get().openTime()) + interval.millis(),
                                  limit,
                                  candles));
            });
  }

  /** The last stored candle that begins before a time; empty if there is none in two years. */
  public CompletableFuture<Optional<Candle>> lastBefore(
      Instrument instrument, CandleInterval interval, long before) {
    return lastBefore(instrument, interval, before, month(before - 1), MAX_EMPTY_MONTHS);
  }

  private CompletableFuture<Optional<Candle>> lastBefore(
      Instrument instrument, CandleInterval interval, long before, LocalDate month, int months) {
    return database
        .tables()
        .lastCandle(instrument, interval.name(), month, before)
        .thenCompose(
            last ->
                last.isPresent() || months == 0
                    ? CompletableFuture.completedFuture(last)
                    : lastBefore(instrument, interval, before, month.minusMonths(1), months - 1));
  }

  /** The first stored candle; empty if there is none in the two years before {@code until}. */
  CompletableFuture<Optional<Candle>> first(
      Instrument instrument, CandleInterval interval, long until) {
    return first(instrument, interval, month(until), MAX_EMPTY_MONTHS, Optional.empty());
  }

  private CompletableFuture<Optional<Candle>> first(
      Instrument instrument,
      CandleInterval interval,
      LocalDate month,
      int months,
      Optional<Candle> later) {
    if (months == 0) {
      return CompletableFuture.completedFuture(later);
    }
    return database
        .tables()
        .candles(instrument, interval.name(), month, start(month), start(month.plusMonths(1)), 1)
        .thenCompose(
            found ->
                first(
                    instrument,
                    interval,
                    month.minusMonths(1),
                    found.isEmpty() ? months - 1 : MAX_EMPTY_MONTHS,
                    found.isEmpty() ? later : Optional.of(found.get(0))));
  }

  private CompletableFuture<List<Candle>> months(
      Instrument instrument, CandleInterval interval, long from, long to, int limit) {
    return months(instrument, interval, from, to, limit, month(from), new ArrayList<>());
  }

  private CompletableFuture<List<Candle>> months(
      Instrument instrument,
      CandleInterval interval,
      long from,
      long to,
      int limit,
      LocalDate month,
      List<Candle> read) {
    if (start(month) >= to || read.size() >= limit) {
      return CompletableFuture.completedFuture(read);
    }
    return database
        .tables()
        .candles(instrument, interval.name(), month, from, to, limit - read.size())
        .thenCompose(
            more -> {
              read.addAll(more);
              return months(instrument, interval, from, to, limit, month.plusMonths(1), read);
            });
  }

  static LocalDate month(long millis) {
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
  }

  static long start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }
}
