package io.marketstream.api.cassandra;

import static java.util.Objects.requireNonNull;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.api.market.Candle;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.api.market.TickId;
import io.marketstream.model.Tables;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queries. Each reads one partition, or the tables that are small. Futures fail with the
 * driver's exceptions.
 */
public final class MarketTables {
  private static final String TICK_COLUMNS =
      "SELECT symbol, event_time, session, sequence, kind, price, volume, conditions, received_at";
  private static final String LATEST_TICK = TICK_COLUMNS + " FROM " + Tables.LATEST_TICKS;
  private static final String TICK = TICK_COLUMNS + ", trade_id, side, origin FROM ";
  private static final String OF_HOUR = " WHERE source = ? AND symbol = ? AND hour = ?";
  private static final String CANDLE =
      "SELECT open_time, open, high, low, close, volume, vwap, trades, kind FROM "
          + Tables.CANDLES
          + " WHERE source = ? AND symbol = ? AND interval = ? AND month = ?";
  private static final long REPLACED_MS = 600_000;
  private static final long MICROS_PER_MS = 1_000;

  /** Cassandra counts a large partition page by page. An HTTP request may take 30 s. */
  private static final Duration COUNT_TIMEOUT = Duration.ofSeconds(25);

  private static final String ORDER_ASCENDING =
      " ORDER BY event_time ASC, session ASC, sequence ASC";

  private final CqlSession session;
  private final Map<String, CompletionStage<PreparedStatement>> statements =
      new ConcurrentHashMap<>();

  /**
   * @param session with the keyspace chosen
   */
  MarketTables(CqlSession session) {
    this.session = session;
  }

  /** A row of {@code audited_days}. */
  public record Verdict(String state, long ticks, long dropped, long gapMs) {}

  /**
   * When a row of {@code ticks} was received and written.
   *
   * @param receivedAt epoch ms
   * @param writtenAt epoch ms
   */
  public record Written(long receivedAt, long writtenAt) {}

  /**
   * A row of {@code job_options}.
   *
   * @param since epoch ms
   */
  public record JobOptions(String job, long since, List<String> topics) {}

  /**
   * A row of {@code job_progress}.
   *
   * @param nextOffsets by the name of the partition, such as {@code market_data-0}
   * @param completeUntil epoch ms; null if the job has never caught up
   * @param reportedAt epoch ms; null if unknown
   */
  public record JobProgress(
      String job,
      Map<String, Long> nextOffsets,
      @Nullable Long completeUntil,
      @Nullable Long reportedAt) {}

  public CompletableFuture<List<String>> sources() {
    return rows("SELECT DISTINCT source FROM " + Tables.LATEST_TICKS)
        .thenApply(rows -> rows.stream().map(row -> text(row, "source")).toList());
  }

  /** The newest tick of each symbol of a source. */
  public CompletableFuture<List<Tick>> latest(String source) {
    return rows(LATEST_TICK + " WHERE source = ?", source)
        .thenApply(rows -> rows.stream().map(row -> latestTick(source, row)).toList());
  }

  /**
   * Ticks of an hour, the newest first.
   *
   * @param hour epoch ms of its start
   * @param before only older ones; null for all
   */
  public CompletableFuture<List<Tick>> ticks(
      Instrument instrument, long hour, @Nullable TickId before, int limit) {
    String statement =
        TICK
            + Tables.TICKS
            + OF_HOUR
            + (before == null ? "" : " AND (event_time, session, sequence) < (?, ?, ?)")
            + " LIMIT ?";
    return ticks(instrument, hour, before, statement, limit);
  }

  /**
   * Ticks of an hour, the oldest first.
   *
   * @param hour epoch ms of its start
   * @param after only newer ones; null for all
   */
  public CompletableFuture<List<Tick>> ticksAscending(
      Instrument instrument, long hour, @Nullable TickId after, int limit) {
    String statement =
        TICK
            + Tables.TICKS
            + OF_HOUR
            + (after == null ? "" : " AND (event_time, session, sequence) > (?, ?, ?)")
            + ORDER_ASCENDING
            + " LIMIT ?";
    return ticks(instrument, hour, after, statement, limit);
  }

  private CompletableFuture<List<Tick>> ticks(
      Instrument instrument, long hour, @Nullable TickId bound, String statement, int limit) {
    List<Object> values = new ArrayList<>();
    values.add(instrument.source());
    values.add(instrument.symbol());
    values.add(Instant.ofEpochMilli(hour));
    if (bound != null) {
      values.add(Instant.ofEpochMilli(bound.eventTime()));
      values.add(bound.session());
      values.add(bound.sequence());
    }
    values.add(limit);
    return rows(statement, values.toArray())
        .thenApply(rows -> rows.stream().map(row -> tick(instrument.source(), row)).toList());
  }

  /**
   * When the newest ticks of an hour were received and written.
   *
   * @param hour epoch ms of its start
   */
  public CompletableFuture<List<Written>> newestWritten(
      Instrument instrument, long hour, int limit) {
    return rows(
            "SELECT received_at, writetime(kind) AS written FROM "
                + Tables.TICKS
                + OF_HOUR
                + " LIMIT ?",
            instrument.source(),
            instrument.symbol(),
            Instant.ofEpochMilli(hour),
            limit)
        .thenApply(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Written(
                                time(row, "received_at"), row.getLong("written") / MICROS_PER_MS))
                    .toList());
  }

  /** The number of ticks of an hour (epoch ms of its start). */
  public CompletableFuture<Long> countTicks(Instrument instrument, long hour) {
    return prepared("SELECT count(*) AS n FROM " + Tables.TICKS + OF_HOUR)
        .thenCompose(
            statement ->
                session.executeAsync(
                    statement
                        .bind(instrument.source(), instrument.symbol(), Instant.ofEpochMilli(hour))
                        .setIdempotent(true)
                        .setTimeout(COUNT_TIMEOUT)))
        .thenApply(result -> requireNonNull(result.one()).getLong("n"))
        .toCompletableFuture();
  }

  /**
   * All columns of the ticks of an hour, the oldest first.
   *
   * @param hour epoch ms of its start
   * @param from epoch ms
   * @param to epoch ms, exclusive
   */
  public RowPages allTicks(Instrument instrument, long hour, long from, long to) {
    return pages(
        "SELECT * FROM "
            + Tables.TICKS
            + OF_HOUR
            + " AND event_time >= ? AND event_time < ?"
            + ORDER_ASCENDING,
        instrument.source(),
        instrument.symbol(),
        Instant.ofEpochMilli(hour),
        Instant.ofEpochMilli(from),
        Instant.ofEpochMilli(to));
  }

  /**
   * All columns of the candles of a month, the oldest first.
   *
   * @param from epoch ms
   * @param to epoch ms, exclusive
   */
  public RowPages allCandles(
      Instrument instrument, String interval, LocalDate month, long from, long to) {
    return pages(
        "SELECT * FROM "
            + Tables.CANDLES
            + " WHERE source = ? AND symbol = ? AND interval = ? AND month = ?"
            + " AND open_time >= ? AND open_time < ? ORDER BY open_time ASC",
        instrument.source(),
        instrument.symbol(),
        interval,
        month,
        Instant.ofEpochMilli(from),
        Instant.ofEpochMilli(to));
  }

  /**
   * Candles of a month in ascending order.
   *
   * @param from epoch ms
   * @param to epoch ms, exclusive
   */
  public CompletableFuture<List<Candle>> candles(
      Instrument instrument, String interval, LocalDate month, long from, long to, int limit) {
    return rows(
            CANDLE + " AND open_time >= ? AND open_time < ? ORDER BY open_time ASC LIMIT ?",
            instrument.source(),
            instrument.symbol(),
            interval,
            month,
            Instant.ofEpochMilli(from),
            Instant.ofEpochMilli(to),
            limit)
        .thenApply(rows -> rows.stream().map(MarketTables::candle).toList());
  }

  /** The last candle of a month that begins before {@code before}, epoch ms. */
  public CompletableFuture<Optional<Candle>> lastCandle(
      Instrument instrument, String interval, LocalDate month, long before) {
    return rows(
            CANDLE + " AND open_time < ? LIMIT 1",
            instrument.source(),
            instrument.symbol(),
            interval,
            month,
            Instant.ofEpochMilli(before))
        .thenApply(rows -> rows.stream().findFirst().map(MarketTables::candle));
  }

  /**
   * Gaps that begin in a month, the newest first.
   *
   * @param symbol of the source, or {@code *} for the gaps of the whole source
   */
  public CompletableFuture<List<Gap>> gaps(String source, String symbol, LocalDate month) {
    return rows(
            "SELECT gap_start, gap_end, cause, session_before, session_after, first_missing,"
                + " dropped, detail, first_missing_id, last_missing_id, repaired_at FROM "
                + Tables.FEED_GAPS
                + " WHERE source = ? AND symbol = ? AND month = ?",
            source,
            symbol,
            month)
        .thenApply(
            rows ->
                rows.stream()
                    .filter(row -> !row.isNull("cause"))
                    .map(row -> gap(source, symbol, row))
                    .toList());
  }

  /** The verdict on a symbol's day; empty if there is none, or no such table. */
  public CompletableFuture<Optional<Verdict>> verdict(Instrument instrument, LocalDate day) {
    if (!has(Tables.AUDITED_DAYS)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return rows(
            "SELECT state, ticks, dropped, gap_ms FROM "
                + Tables.AUDITED_DAYS
                + " WHERE source = ? AND day = ? AND symbol = ?",
            instrument.source(),
            day,
            instrument.symbol())
        .thenApply(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            new Verdict(
                                text(row, "state"),
                                row.getLong("ticks"),
                                row.getLong("dropped"),
                                row.getLong("gap_ms"))));
  }

  /**
   * The names of the candle intervals that running jobs store; empty if there is no such table, or
   * no job yet. A job that has been silent for long while another one reported was replaced.
   */
  public CompletableFuture<List<String>> storedIntervals() {
    if (!has(Tables.JOB_OPTIONS)) {
      return CompletableFuture.completedFuture(List.of());
    }
    CompletableFuture<List<Row>> progress =
        has(Tables.JOB_PROGRESS)
            ? rows("SELECT job, reported_at FROM " + Tables.JOB_PROGRESS)
            : CompletableFuture.completedFuture(List.of());
    return rows("SELECT job, since, candles FROM " + Tables.JOB_OPTIONS)
        .thenCombine(progress, MarketTables::storedIntervals);
  }

  /** The options with which jobs began; empty if there is no such table. */
  public CompletableFuture<List<JobOptions>> jobOptions() {
    if (!has(Tables.JOB_OPTIONS)) {
      return CompletableFuture.completedFuture(List.of());
    }
    return rows("SELECT job, since, topics FROM " + Tables.JOB_OPTIONS)
        .thenApply(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new JobOptions(
                                text(row, "job"),
                                time(row, "since"),
                                requireNonNull(row.getList("topics", String.class))))
                    .toList());
  }

  /** How far jobs have come, a row per query; empty if there is no such table. */
  public CompletableFuture<List<JobProgress>> jobProgress() {
    if (!has(Tables.JOB_PROGRESS)) {
      return CompletableFuture.completedFuture(List.of());
    }
    return rows("SELECT job, next_offsets, complete_until, reported_at FROM " + Tables.JOB_PROGRESS)
        .thenApply(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new JobProgress(
                                text(row, "job"),
                                requireNonNull(
                                    row.getMap("next_offsets", String.class, Long.class)),
                                optionalTime(row, "complete_until"),
                                optionalTime(row, "reported_at")))
                    .toList());
  }

  private static List<String> storedIntervals(List<Row> options, List<Row> progress) {
    Map<String, Instant> reportedAt = new HashMap<>();
    for (Row row : progress) {
      Instant time = row.getInstant("reported_at");
      if (time != null) {
        reportedAt.merge(text(row, "job"), time, (a, b) -> a.isAfter(b) ? a : b);
      }
    }
    Map<String, Row> newest = new HashMap<>();
    for (Row row : options) {
      newest.merge(text(row, "job"), row, (a, b) -> time(a, "since") >= time(b, "since") ? a : b);
    }
    long newestSign =
        newest.entrySet().stream()
            .mapToLong(each -> signOfLife(each.getValue(), reportedAt))
            .max()
            .orElse(0);
    Set<String> intervals = new TreeSet<>();
    for (Row row : newest.values()) {
      if (signOfLife(row, reportedAt) >= newestSign - REPLACED_MS) {
        intervals.addAll(requireNonNull(row.getList("candles", String.class)));
      }
    }
    return List.copyOf(intervals);
  }

  /** When a job has reported last, or else began with these options, epoch ms. */
  private static long signOfLife(Row options, Map<String, Instant> reportedAt) {
    Instant reported = reportedAt.get(text(options, "job"));
    return Math.max(
        time(options, "since"), reported == null ? Long.MIN_VALUE : reported.toEpochMilli());
  }

  private boolean has(String table) {
    return session
        .getKeyspace()
        .flatMap(name -> session.getMetadata().getKeyspace(name))
        .map(keyspace -> keyspace.getTable(table).isPresent())
        .orElse(false);
  }

  private CompletableFuture<List<Row>> rows(String cql, Object... values) {
    return prepared(cql)
        .thenCompose(
            statement -> {
              BoundStatement bound = statement.bind(values).setIdempotent(true);
              return session.executeAsync(bound);
            })
        .thenCompose(result -> collect(result, new ArrayList<>()))
        .toCompletableFuture();
  }

  private CompletionStage<PreparedStatement> prepared(String cql) {
    return statements.compute(
        cql,
        (text, known) ->
            known == null || known.toCompletableFuture().isCompletedExceptionally()
                ? session.prepareAsync(text)
                : known);
  }

  /** The rows of a query of any size. */
  private RowPages pages(String cql, Object... values) {
    return new RowPages(
        pagingState ->
            prepared(cql)
                .thenCompose(
                    statement ->
                        session.executeAsync(
                            statement
                                .bind(values)
                                .setIdempotent(true)
                                .setPageSize(RowPages.PAGE_SIZE)
                                .setPagingState(pagingState)))
                .toCompletableFuture());
  }

  private static CompletionStage<List<Row>> collect(AsyncResultSet result, List<Row> rows) {
    result.currentPage().forEach(rows::add);
    return result.hasMorePages()
        ? result.fetchNextPage().thenCompose(next -> collect(next, rows))
        : CompletableFuture.completedFuture(rows);
  }

  private static Tick tick(String source, Row row) {
    return tick(
        source, row, row.getString("trade_id"), row.getString("side"), row.getString("origin"));
  }

  /** The table of the newest ticks has no trade ids. */
  private static Tick latestTick(String source, Row row) {
    return tick(source, row, null, null, null);
  }

  private static Tick tick(
      String source,
      Row row,
      @Nullable String tradeId,
      @Nullable String side,
      @Nullable String origin) {
    List<String> conditions = row.getList("conditions", String.class);
    return new Tick(
        new Instrument(source, text(row, "symbol")),
        new TickId(time(row, "event_time"), row.getLong("session"), row.getLong("sequence")),
        text(row, "kind"),
        requireNonNull(row.getBigDecimal("price")),
        row.getBigDecimal("volume"),
        conditions == null ? List.of() : conditions,
        time(row, "received_at"),
        tradeId,
        side,
        origin);
  }

  private static Candle candle(Row row) {
    BigDecimal open = row.getBigDecimal("open");
    Candle.Prices prices =
        open == null
            ? null
            : new Candle.Prices(
                open,
                requireNonNull(row.getBigDecimal("high")),
                requireNonNull(row.getBigDecimal("low")),
                requireNonNull(row.getBigDecimal("close")));
    BigDecimal volume = row.getBigDecimal("volume");
    return new Candle(
        time(row, "open_time"),
        prices,
        volume == null ? BigDecimal.ZERO : volume,
        row.getBigDecimal("vwap"),
        row.getLong("trades"),
        text(row, "kind"));
  }

  /** A restart may have opened a repaired gap again: it then has a later end. */
  private static @Nullable Long repairedAt(Row row) {
    Long end = optionalTime(row, "gap_end");
    Long repaired = optionalTime(row, "repaired_at");
    return end != null && repaired != null && repaired >= end ? repaired : null;
  }

  private static Gap gap(String source, String symbol, Row row) {
    return new Gap(
        source,
        symbol,
        time(row, "gap_start"),
        optionalTime(row, "gap_end"),
        text(row, "cause"),
        row.getLong("session_before"),
        optionalLong(row, "session_after"),
        row.getLong("first_missing"),
        optionalLong(row, "dropped"),
        row.getString("detail"),
        row.getString("first_missing_id"),
        row.getString("last_missing_id"),
        repairedAt(row));
  }

  private static String text(Row row, String column) {
    return requireNonNull(row.getString(column), column);
  }

  private static long time(Row row, String column) {
    return requireNonNull(row.getInstant(column), column).toEpochMilli();
  }

  private static @Nullable Long optionalTime(Row row, String column) {
    Instant time = row.getInstant(column);
    return time == null ? null : (Long) time.toEpochMilli();
  }

  private static @Nullable Long optionalLong(Row row, String column) {
    return row.isNull(column) ? null : (Long) row.getLong(column);
  }

  /** Joins the results of several futures, in their order. */
  public static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
  }

  /**
   * Asks for each of the items, a limited number at a time.
   *
   * @return the answers in the order of the items
   */
  public static <I, T> CompletableFuture<List<T>> each(
      List<I> items, int concurrently, Function<I, CompletableFuture<T>> ask) {
    return each(items, 0, concurrently, ask, new ArrayList<>());
  }

  private static <I, T> CompletableFuture<List<T>> each(
      List<I> items,
      int from,
      int concurrently,
      Function<I, CompletableFuture<T>> ask,
      List<T> answers) {
    if (from >= items.size()) {
      return CompletableFuture.completedFuture(answers);
    }
    int to = Math.min(items.size(), from + concurrently);
    return all(items.subList(from, to).stream().map(ask).toList())
        .thenCompose(
            part -> {
              answers.addAll(part);
              return each(items, to, concurrently, ask, answers);
            });
  }
}
