package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.auditor.Candle;
import io.marketstream.auditor.CandleInterval;
import io.marketstream.auditor.Gap;
import io.marketstream.auditor.Span;
import io.marketstream.auditor.SymbolKey;
import io.marketstream.auditor.Tick;
import io.marketstream.auditor.TickId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of one keyspace. Rows come a page at a time, and no more than one symbol's are held.
 */
final class TableEvidence {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int HOURS_PER_QUERY = 48;
  private static final int QUERIES_IN_FLIGHT = 16;

  private final CqlSession session;
  private final PreparedStatement hours;
  private final PreparedStatement ticks;
  private final PreparedStatement sessions;
  private final PreparedStatement latest;
  private final PreparedStatement candles;
  private final PreparedStatement gaps;

  /**
   * @param session with the keyspace chosen; the caller closes it
   */
  TableEvidence(CqlSession session) {
    this.session = session;
    hours =
        session.prepare(
            "SELECT hour FROM ticks WHERE source = ? AND symbol = ? AND hour IN ? PER PARTITION LIMIT 1");
    String ofHour = " FROM ticks WHERE source = ? AND symbol = ? AND hour = ?";
    ticks =
        session.prepare(
            "SELECT session, sequence, event_time, received_at, kind, price, volume, conditions"
                + ofHour);
    sessions = session.prepare("SELECT session" + ofHour);
    latest =
        session.prepare(
            "SELECT session, sequence, event_time, received_at, kind, price, volume, conditions"
                + " FROM latest_ticks WHERE source = ? AND symbol = ?");
    candles =
        session.prepare(
            "SELECT interval, open_time, open, high, low, close, volume, vwap, trades, kind FROM candles"
                + " WHERE source = ? AND symbol = ? AND interval = ? AND month = ?");
    gaps =
        session.prepare(
            "SELECT symbol, cause, gap_start, gap_end, session_before, session_after, first_missing,"
                + " dropped FROM feed_gaps WHERE source = ? AND symbol = ? AND month = ?");
  }

  /** How long rows of {@code ticks} are kept; empty for ever. */
  Optional<Duration> retention() {
    return session
        .getKeyspace()
        .flatMap(name -> session.getMetadata().getKeyspace(name))
        .flatMap(keyspace -> keyspace.getTable("ticks"))
        .map(table -> table.getOptions().get(CqlIdentifier.fromInternal("default_time_to_live")))
        .map(seconds -> Duration.ofSeconds(((Number) seconds).longValue()))
        .filter(kept -> !kept.isZero());
  }

  /**
   * The hours (epoch ms) of which {@code ticks} holds rows, by symbol. Each is asked for by its
   * key: a scan would walk over expired rows, and Cassandra ends a query that meets 100,000 of
   * them.
   *
   * @param first epoch ms, the first hour that is asked for
   * @param last epoch ms, the last
   */
  TreeMap<SymbolKey, NavigableSet<Long>> hours(Set<SymbolKey> symbols, long first, long last) {
    TreeMap<SymbolKey, NavigableSet<Long>> found = new TreeMap<>();
    Deque<CompletionStage<AsyncResultSet>> inFlight = new ArrayDeque<>();
    Deque<SymbolKey> keys = new ArrayDeque<>();
    for (SymbolKey key : symbols) {
      for (long from = first; from <= last; from += HOURS_PER_QUERY * HOUR.toMillis()) {
        if (inFlight.size() == QUERIES_IN_FLIGHT) {
          take(keys.remove(), inFlight.remove(), found);
        }
        List<Instant> asked =
            Stream.iterate(Instant.ofEpochMilli(from), hour -> hour.plus(HOUR))
                .limit(HOURS_PER_QUERY)
                .filter(hour -> hour.toEpochMilli() <= last)
                .toList();
        keys.add(key);
        inFlight.add(session.executeAsync(hours.bind(key.source(), key.symbol(), asked)));
      }
    }
    while (!inFlight.isEmpty()) {
      take(keys.remove(), inFlight.remove(), found);
    }
    return found;
  }

  /**
   * The same by a scan, for a table in which nothing expires. It also finds symbols of which no
   * other table tells.
   */
  TreeMap<SymbolKey, NavigableSet<Long>> hours(Predicate<String> source) {
    TreeMap<SymbolKey, NavigableSet<Long>> hours = new TreeMap<>();
    for (Row row : session.execute("SELECT DISTINCT source, symbol, hour FROM ticks")) {
      if (source.test(row.getString("source"))) {
        hours
            .computeIfAbsent(key(row), unseen -> new TreeSet<>())
            .add(row.getInstant("hour").toEpochMilli());
      }
    }
    return hours;
  }

  private static void take(
      SymbolKey key,
      CompletionStage<AsyncResultSet> answer,
      TreeMap<SymbolKey, NavigableSet<Long>> found) {
    // At most a row an hour: one page.
    for (Row row : answer.toCompletableFuture().join().currentPage()) {
      found
          .computeIfAbsent(key, unseen -> new TreeSet<>())
          .add(row.getInstant("hour").toEpochMilli());
    }
  }

  /** The months of the gap ledger, by symbol. */
  Map<SymbolKey, Set<LocalDate>> gapMonths(Predicate<String> source) {
    Map<SymbolKey, Set<LocalDate>> months = new HashMap<>();
    for (Row row : session.execute("SELECT DISTINCT source, symbol, month FROM feed_gaps")) {
      if (source.test(row.getString("source"))) {
        months.computeIfAbsent(key(row), unseen -> new TreeSet<>()).add(row.getLocalDate("month"));
      }
    }
    return months;
  }

  /** The months of the candles, by symbol and by the name of the interval. */
  Map<SymbolKey, Map<String, Set<LocalDate>>> candleMonths(Predicate<String> source) {
    Map<SymbolKey, Map<String, Set<LocalDate>>> months = new HashMap<>();
    for (Row row :
        session.execute("SELECT DISTINCT source, symbol, interval, month FROM candles")) {
      if (source.test(row.getString("source"))) {
        months
            .computeIfAbsent(key(row), unseen -> new HashMap<>())
            .computeIfAbsent(row.getString("interval"), unseen -> new TreeSet<>())
            .add(row.getLocalDate("month"));
      }
    }
    return months;
  }

  /** The event time (epoch ms) of each symbol's newest tick. */
  Map<SymbolKey, Long> latestTimes(Predicate<String> source) {
    Map<SymbolKey, Long> times = new HashMap<>();
    for (Row row : session.execute("SELECT source, symbol, event_time FROM latest_ticks")) {
      if (source.test(row.getString("source")) && !row.isNull("event_time")) {
        times.put(key(row), row.getInstant("event_time").toEpochMilli());
      }
    }
    return times;
  }

  List<Tick> ticks(SymbolKey key, Set<Long> hours) {
    List<Tick> rows = new ArrayList<>();
    for (long hour : hours) {
      session
          .execute(ticks.bind(key.source(), key.symbol(), Instant.ofEpochMilli(hour)))
          .forEach(row -> rows.add(tick(row)));
    }
    return rows;
  }

  /** The sessions of some hours, without their rows. */
  Set<Long> sessions(SymbolKey key, Set<Long> hours) {
    Set<Long> found = new TreeSet<>();
    for (long hour : hours) {
      session
          .execute(sessions.bind(key.source(), key.symbol(), Instant.ofEpochMilli(hour)))
          .forEach(row -> found.add(row.getLong("session")));
    }
    return found;
  }

  Optional<Tick> latest(SymbolKey key) {
    return Optional.ofNullable(session.execute(latest.bind(key.source(), key.symbol())).one())
        .map(TableEvidence::tick);
  }

  /**
   * @param months by the name of the interval
   * @param since epoch ms; months that end before it are left out
   */
  List<Candle> candles(
      SymbolKey key,
      List<CandleInterval> intervals,
      Map<String, Set<LocalDate>> months,
      long since) {
    Set<String> wanted = intervals.stream().map(CandleInterval::name).collect(Collectors.toSet());
    List<Candle> rows = new ArrayList<>();
    months.forEach(
        (interval, ofInterval) -> {
          for (LocalDate month : wanted.contains(interval) ? ofInterval : Set.<LocalDate>of()) {
            if (end(month) > since) {
              session
                  .execute(candles.bind(key.source(), key.symbol(), interval, month))
                  .forEach(row -> rows.add(candle(row)));
            }
          }
        });
    return rows;
  }

  /** The gaps of a symbol that began in one of these months. */
  List<Gap> gaps(SymbolKey key, Set<LocalDate> months) {
    List<Gap> rows = new ArrayList<>();
    for (LocalDate month : months) {
      session
          .execute(gaps.bind(key.source(), key.symbol(), month))
          .forEach(row -> rows.add(gap(row)));
    }
    return rows;
  }

  /** The hour of an event time, epoch ms. */
  static long hour(long eventTime) {
    return Math.floorDiv(eventTime, HOUR.toMillis()) * HOUR.toMillis();
  }

  /** Whether a month has a moment of a span. */
  static boolean isWithin(Span span, LocalDate month) {
    return end(month) > span.since() && start(month) < span.until();
  }

  private static long start(LocalDate month) {
    return month.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static long end(LocalDate month) {
    return start(month.plusMonths(1));
  }

  private static SymbolKey key(Row row) {
    return new SymbolKey(row.getString("source"), row.getString("symbol"));
  }

  private static Tick tick(Row row) {
    return new Tick(
        new TickId(row.getLong("session"), row.getLong("sequence")),
        row.getInstant("event_time").toEpochMilli(),
        row.getInstant("received_at").toEpochMilli(),
        String.valueOf(row.getString("kind")).intern(),
        row.getBigDecimal("price"),
        row.getBigDecimal("volume"),
        row.getList("conditions", String.class));
  }

  private static Candle candle(Row row) {
    return new Candle(
        row.getString("interval"),
        row.getInstant("open_time").toEpochMilli(),
        row.getBigDecimal("open"),
        row.getBigDecimal("high"),
        row.getBigDecimal("low"),
        row.getBigDecimal("close"),
        row.getBigDecimal("volume"),
        row.getBigDecimal("vwap"),
        row.getLong("trades"),
        row.getString("kind"));
  }

  private static Gap gap(Row row) {
    return new Gap(
        row.getString("symbol"),
        row.getString("cause"),
        row.getInstant("gap_start").toEpochMilli(),
        row.isNull("gap_end") ? null : (Long) row.getInstant("gap_end").toEpochMilli(),
        row.getLong("session_before"),
        row.isNull("session_after") ? null : (Long) row.getLong("session_after"),
        row.getLong("first_missing"),
        row.isNull("dropped") ? null : (Long) row.getLong("dropped"));
  }
}
