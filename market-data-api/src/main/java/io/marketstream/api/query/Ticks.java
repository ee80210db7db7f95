package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.api.market.TickId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Ticks of a time range. Thread-safe. */
public final class Ticks {
  public static final long HOUR_MS = Duration.ofHours(1).toMillis();

  /** Hours that are asked for at once, where the first ones are empty. */
  private static final int CONCURRENT_HOURS = 24;

  private final Database database;

  public Ticks(Database database) {
    this.database = database;
  }

  /**
   * A page of ticks.
   *
   * @param ticks the newest first
   * @param next the last tick of this page; null on the last page
   */
  public record Page(List<Tick> ticks, @Nullable TickId next) {}

  /**
   * A page of ticks, the newest first.
   *
   * @param from epoch ms
   * @param to epoch ms, exclusive
   * @param before only older ones; null for all
   */
  public CompletableFuture<Page> page(
      Instrument instrument, long from, long to, @Nullable TickId before, int limit) {
    TickId bound =
        before == null || before.eventTime() >= to
            ? new TickId(to, Long.MIN_VALUE, Long.MIN_VALUE)
            : before;
    return newest(instrument, from, bound, limit + 1, 1, new ArrayList<>())
        .thenApply(
            read -> {
              List<Tick> page = List.copyOf(read.subList(0, Math.min(limit, read.size())));
              boolean hasMore = read.size() > limit;
              return new Page(page, hasMore ? page.get(page.size() - 1).id() : null);
            });
  }

  /**
   * @param step how many hours are asked for at once
   */
  private CompletableFuture<List<Tick>> newest(
      Instrument instrument, long from, TickId before, int limit, int step, List<Tick> read) {
    long newestHour = hour(before.eventTime());
    if (newestHour < hour(from)) {
      return CompletableFuture.completedFuture(read);
    }
    MarketTables tables = database.tables();
    int missing = limit - read.size();
    List<Long> hours =
        LongStream.iterate(newestHour, hour -> hour >= hour(from), hour -> hour - HOUR_MS)
            .limit(step)
            .boxed()
            .toList();
    return MarketTables.all(
            hours.stream()
                .map(
                    hour ->
                        tables.ticks(instrument, hour, hour == newestHour ? before : null, missing))
                .toList())
        .thenCompose(
            found -> {
              int rows = found.stream().mapToInt(List::size).sum();
              found.stream()
                  .flatMap(List::stream)
                  .filter(tick -> tick.eventTime() >= from)
                  .limit(missing)
                  .forEach(read::add);
              long next = hours.get(hours.size() - 1) - 1;
              // Many hours at once only where they hold little: each may return as much as is
              // missing.
              boolean isSparse = rows * 2L * step < missing - rows;
              return read.size() >= limit || next < from
                  ? CompletableFuture.completedFuture(read)
                  : newest(
                      instrument,
                      from,
                      new TickId(next, Long.MAX_VALUE, Long.MAX_VALUE),
                      limit,
                      isSparse ? Math.min(CONCURRENT_HOURS, 2 * step) : 1,
                      read);
            });
  }

  /** Ticks after one, in the order of the table. */
  public CompletableFuture<List<Tick>> after(
      Instrument instrument, TickId after, long to, int limit) {
    return after(instrument, after, hour(after.eventTime()), to, limit, new ArrayList<>());
  }

  private CompletableFuture<List<Tick>> after(
      Instrument instrument, TickId after, long hour, long to, int limit, List<Tick> read) {
    if (hour >= to || read.size() >= limit) {
      return CompletableFuture.completedFuture(read);
    }
    return database
        .tables()
        .ticksAscending(
            instrument, hour, hour == hour(after.eventTime()) ? after : null, limit - read.size())
        .thenCompose(
            found -> {
              read.addAll(found);
              return after(instrument, after, hour + HOUR_MS, to, limit, read);
            });
  }

  static long hour(long millis) {
    return Math.floorDiv(millis, HOUR_MS) * HOUR_MS;
  }
}
