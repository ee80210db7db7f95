package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import io.marketstream.auditor.check.RowFault;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of one keyspace. Ticks are read by the key of their partition. A scan of the
 * table would read expired rows, and Cassandra aborts a query after 100,000 of them.
 *
 * <p>Thread-safe.
 */
final class TableReader {
  static final long HOUR_MS = 3_600_000;
  private static final int HOURS_PER_QUERY = 48;
  private static final String OF_HOUR =
      " FROM " + Tables.TICKS + " WHERE source = ? AND symbol = ? AND hour = ?";
  private static final String LATEST_TICK =
      "SELECT hour, session, sequence, event_time, received_at, kind, price, volume, conditions";
  private static final String TICK = LATEST_TICK + ", trade_id, side, origin";

  private static final List<String> LATEST_COLUMNS =
      List.of("event_time", "received_at", "kind", "price");

  /** Hours of one symbol. */
  private record SymbolHours(SymbolKey key, List<Instant> hours) {}

  /**
   * A row of {@code latest_ticks}.
   *
   * @param isMisplaced whether its hour does not match its event time
   */
  record LatestRow(Tick tick, boolean isMisplaced) {}

  private final CqlSession session;
  private final CassandraRequests requests;
  private final PreparedStatement hours;
  private final PreparedStatement ticks;
  private final PreparedStatement sessions;
  private final PreparedStatement lastNumber;
  private final PreparedStatement numbers;
  private final PreparedStatement candles;
  private final PreparedStatement gaps;

  /**
   * @param session a session with the keyspace; the caller closes it
   * @throws AuditRefusedException if the tables lack the columns of trade ids
   */
  TableReader(CqlSession session) {
    this.session = session;
    this.requests = new CassandraRequests(session);
    requireTradeIds();
    hours =
        session.prepare(
            "SELECT hour FROM "
                + Tables.TICKS
                + " WHERE source = ? AND symbol = ? AND hour IN ? PER PARTITION LIMIT 1");
    ticks =
        session.prepare(
            TICK + ", writetime(kind) AS written" + OF_HOUR + " ORDER BY event_time ASC");
    sessions = session.prepare("SELECT session" + OF_HOUR);
    // This filters within one partition: Cassandra requires it after an unrestricted clustering
    // column.
    lastNumber =
        session.prepare(
            "SELECT max(sequence) AS last" + OF_HOUR + " AND session = ? ALLOW FILTERING");
    numbers =
        session.prepare(
            TICK
                + ", writetime(kind) AS written"
                + OF_HOUR
                + " AND session = ? AND sequence >= ? AND sequence <= ? ALLOW FILTERING");
    candles =
        session.prepare(
            "SELECT interval, month, open_time, open, high, low, close, volume, vwap, trades, kind"
                + " FROM "
                + Tables.CANDLES
                + " WHERE source = ? AND symbol = ? AND interval = ? AND month = ?"
                + " AND open_time >= ? AND open_time < ? ORDER BY open_time ASC");
    gaps =
        session.prepare(
            "SELECT symbol, month, cause, gap_start, gap_end, session_before, session_after,"
                + " first_missing, dropped, first_missing_id, last_missing_id, repaired_at,"
                + " writetime(cause) AS written FROM "
                + Tables.FEED_GAPS
                + " WHERE source = ? AND symbol = ? AND month = ?");
  }

  private void requireTradeIds() {
    for (String table : List.of(Tables.TICKS, Tables.FEED_GAPS)) {
      String column = table.equals(Tables.TICKS) ? "trade_id" : "first_missing_id";
      if (table(table).filter(found -> found.getColumn(column).isEmpty()).isPresent()) {
        throw new AuditRefusedException(
            "column "
                + table
                + "."
                + column
                + " does not exist: apply cassandra-cql/009_trade_ids.cql");
      }
    }
  }

  private Optional<TableMetadata> table(String name) {
    return session
        .getKeyspace()
        .flatMap(keyspace -> session.getMetadata().getKeyspace(keyspace))
        .flatMap(keyspace -> keyspace.getTable(name));
  }

  /** How many requests by key were sent. */
  long requests() {
    return requests.sent();
  }

  /** How long the rows of a table are kept; zero if they do not expire. */
  Duration retention(String table) {
    return table(table)
        .map(found -> found.getOptions().get(CqlIdentifier.fromInternal("default_time_to_live")))
        .map(seconds -> Duration.ofSeconds(((Number) seconds).longValue()))
        .orElse(Duration.ZERO);
  }

  /** The newest tick of each symbol. */
  Map<SymbolKey, LatestRow> latest(Predicate<String> source) {
    Map<SymbolKey, LatestRow> rows = new HashMap<>();
    for (Row row : session.execute(LATEST_TICK + ", source, symbol FROM " + Tables.LATEST_TICKS)) {
      if (source.test(row.getString("source")) && LATEST_COLUMNS.stream().noneMatch(row::isNull)) {
        Tick tick = RowDecoder.latestTick(row);
        boolean isMisplaced =
            row.isNull("hour") || row.getInstant("hour").toEpochMilli() != hour(tick.eventTime());
        rows.put(RowDecoder.key(row), new LatestRow(tick, isMisplaced));
      }
    }
    return rows;
  }

  /** The months with gaps, per symbol. Must not be used if rows of the table expire. */
  Map<SymbolKey, Set<LocalDate>> gapMonths(Predicate<String> source) {
    Map<SymbolKey, Set<LocalDate>> months = new HashMap<>();
    for (Row row :
        session.execute(
            "SELECT source, symbol, month FROM " + Tables.FEED_GAPS + " PER PARTITION LIMIT 1")) {
      if (source.test(row.getString("source"))) {
        months
            .computeIfAbsent(RowDecoder.key(row), unseen -> new TreeSet<>())
            .add(row.getLocalDate("month"));
      }
    }
    return months;
  }

  /**
   * The months with candles, per symbol and name of the interval. Must not be used if rows of the
   * table expire.
   */
  Map<SymbolKey, Map<String, Set<LocalDate>>> candleMonths(Predicate<String> source) {
    Map<SymbolKey, Map<String, Set<LocalDate>>> months = new HashMap<>();
    for (Row row :
        session.execute(
            "SELECT source, symbol, interval, month FROM "
                + Tables.CANDLES
                + " PER PARTITION LIMIT 1")) {
      if (source.test(row.getString("source"))) {
        months
            .computeIfAbsent(RowDecoder.key(row), unseen -> new HashMap<>())
            .computeIfAbsent(row.getString("interval"), unseen -> new TreeSet<>())
            .add(row.getLocalDate("month"));
      }
    }
    return months;
  }

  /**
   * The hours (epoch ms, ascending) with rows in {@code ticks}, per symbol.
   *
   * @param first epoch ms, the first hour to look up
   * @param last epoch ms, the last hour to look up
   */
  Map<SymbolKey, long[]> hours(Set<SymbolKey> symbols, long first, long last) {
    Map<SymbolKey, LongStream.Builder> found = new HashMap<>();
    requests.each(
        symbols.stream().flatMap(key -> asked(key, first, last)).iterator(),
        asked -> hours.bind(asked.key().source(), asked.key().symbol(), asked.hours()),
        (asked, row) ->
            found
                .computeIfAbsent(asked.key(), unseen -> LongStream.builder())
                .add(row.getInstant("hour").toEpochMilli()));
    Map<SymbolKey, long[]> sorted = new HashMap<>();
    found.forEach((key, times) -> sorted.put(key, times.build().sorted().toArray()));
    return sorted;
  }

  private static Stream<SymbolHours> asked(SymbolKey key, long first, long last) {
    long step = HOURS_PER_QUERY * HOUR_MS;
    return LongStream.iterate(first, from -> from <= last, from -> from + step)
        .mapToObj(
            from ->
                new SymbolHours(
                    key,
                    LongStream.iterate(from, hour -> hour + HOUR_MS)
                        .limit(HOURS_PER_QUERY)
                        .filter(hour -> hour <= last)
                        .mapToObj(Instant::ofEpochMilli)
                        .toList()));
  }

  /** The rows of some hours, ordered by event time. */
  Iterator<TickRow> ticks(SymbolKey key, long[] ofHours, Consumer<RowFault> faults) {
    Iterator<Statement<?>> statements =
        Arrays.stream(ofHours)
            .<Statement<?>>mapToObj(
                hour -> ticks.bind(key.source(), key.symbol(), Instant.ofEpochMilli(hour)))
            .iterator();
    return map(
        requests.rows(statements),
        row -> RowDecoder.isWhole(row, faults) ? RowDecoder.tickRow(row) : null);
  }

  /** The sessions of some hours, without their rows. */
  Set<Long> sessions(SymbolKey key, long[] ofHours) {
    Set<Long> found = new TreeSet<>();
    requests.each(
        Arrays.stream(ofHours).boxed().iterator(),
        hour -> sessions.bind(key.source(), key.symbol(), Instant.ofEpochMilli(hour)),
        (hour, row) -> found.add(row.getLong("session")));
    return found;
  }

  /** The highest number of a session in an hour; empty if it has no row there. */
  OptionalLong lastNumber(SymbolKey key, long hour, long ofSession) {
    Row row =
        session
            .execute(
                lastNumber.bind(key.source(), key.symbol(), Instant.ofEpochMilli(hour), ofSession))
            .one();
    return row == null || row.isNull("last")
        ? OptionalLong.empty()
        : OptionalLong.of(row.getLong("last"));
  }

  /** The rows of a range of numbers in some hours. */
  List<TickRow> numbers(SymbolKey key, long[] ofHours, long ofSession, long first, long last) {
    List<TickRow> found = new ArrayList<>();
    requests.each(
        Arrays.stream(ofHours).boxed().iterator(),
        hour ->
            numbers.bind(
                key.source(), key.symbol(), Instant.ofEpochMilli(hour), ofSession, first, last),
        (hour, row) -> {
          if (RowDecoder.isWhole(row, fault -> {})) {
            found.add(RowDecoder.tickRow(row));
          }
        });
    return found;
  }

  /**
   * The candles of one interval, ordered by opening time.
   *
   * @param first epoch ms, the first opening time
   * @param after epoch ms, the first opening time that is not read
   * @param faults receives rows in a wrong partition
   */
  Iterator<Candle> candles(
      SymbolKey key, CandleInterval interval, long first, long after, Consumer<RowFault> faults) {
    Iterator<Statement<?>> statements =
        months(first, after)
            .<Statement<?>>map(month -> candlesOf(key, interval, month, first, after))
            .iterator();
    return map(requests.rows(statements), row -> RowDecoder.candle(row, faults));
  }

  /** Reads the candles of many symbols at once. */
  <K> void candles(
      Iterator<K> keys, Function<K, Statement<?>> statement, BiConsumer<K, Candle> take) {
    requests.each(
        keys, statement, (key, row) -> take.accept(key, RowDecoder.candle(row, fault -> {})));
  }

  Statement<?> candlesOf(
      SymbolKey key, CandleInterval interval, LocalDate month, long first, long after) {
    return candles.bind(
        key.source(),
        key.symbol(),
        interval.name(),
        month,
        Instant.ofEpochMilli(first),
        Instant.ofEpochMilli(after));
  }

  /** The gaps of a symbol that began in one of these months. */
  List<GapRow> gaps(SymbolKey key, Set<LocalDate> months, Consumer<RowFault> faults) {
    List<GapRow> rows = new ArrayList<>();
    requests.each(
        months.iterator(),
        month -> gaps.bind(key.source(), key.symbol(), month),
        (month, row) ->
            rows.add(new GapRow(RowDecoder.gap(row, faults), row.getLong("written") / 1_000)));
    return rows;
  }

  /** The months that overlap a time range. */
  static Stream<LocalDate> months(long first, long after) {
    LocalDate last = month(after);
    return Stream.iterate(
        month(first), month -> !month.isAfter(last), month -> month.plusMonths(1));
  }

  static LocalDate month(long epochMs) {
    return Instant.ofEpochMilli(epochMs).atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
  }

  /** The hour of an event time, epoch ms. */
  static long hour(long eventTime) {
    return Math.floorDiv(eventTime, HOUR_MS) * HOUR_MS;
  }

  /** Whether a month overlaps a span. */
  static boolean isWithin(Span span, LocalDate month) {
    return start(month.plusMonths(1)) > span.since() && start(month) < span.until();
  }

  static long start(LocalDate month) {
    return month.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** Maps rows; a row is left out if the function returns null. */
  private static <T> Iterator<T> map(Iterator<Row> rows, Function<Row, @Nullable T> function) {
    return new Iterator<>() {
      private @Nullable T next;

      @Override
      public boolean hasNext() {
        while (next == null && rows.hasNext()) {
          next = function.apply(rows.next());
        }
        return next != null;
      }

      @Override
      public T next() {
        T returned = hasNext() ? next : null;
        if (returned == null) {
          throw new NoSuchElementException();
        }
        next = null;
        return returned;
      }
    };
  }
}
