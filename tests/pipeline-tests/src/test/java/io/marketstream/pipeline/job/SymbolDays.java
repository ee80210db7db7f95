package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Random days of one symbol, written straight into the tables, with a recount of what the API says
 * about them. Recording begins in the first day. All bounds are whole seconds.
 */
final class SymbolDays {
  private static final String SOURCE = "finnhub-sim";
  private static final int DAY_S = 86_400;

  final String symbol;
  private final CqlSession cassandra;
  private final String keyspace;
  private final long start;
  private final int days;
  private final int recordedFrom;
  private final BitSet inGap;
  private final long[] ticks;
  private final long[] dropped;

  SymbolDays(
      CqlSession cassandra,
      String keyspace,
      String symbol,
      LocalDate first,
      int days,
      Random random) {
    this.cassandra = cassandra;
    this.keyspace = keyspace;
    this.symbol = symbol;
    this.start = first.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    this.days = days;
    this.recordedFrom = random.nextInt(DAY_S - 120);
    this.inGap = new BitSet(days * DAY_S);
    this.ticks = new long[days];
    this.dropped = new long[days];
    writeTicks(random);
    writeGaps(random);
  }

  private void writeTicks(Random random) {
    long session = (start + recordedFrom) * 1000;
    long sequence = 0;
    int second = recordedFrom + 5;
    writeCandle(start + second);
    while (second < days * DAY_S) {
      insertTick("ticks", (start + second) * 1000, session, sequence++);
      ticks[second / DAY_S]++;
      second += random.nextInt(1, 20_000);
    }
    // The source is heard after the last day: nothing is pending.
    insertTick("latest_ticks", (start + (days + 1L) * DAY_S) * 1000, session, sequence);
  }

  private void writeGaps(Random random) {
    int second = recordedFrom + 60;
    List<Integer> opened = new ArrayList<>();
    while (second < days * DAY_S) {
      int length = random.nextInt(5) == 0 ? random.nextInt(3 * DAY_S) : random.nextInt(3_000);
      boolean isKilled = random.nextInt(6) == 0;
      boolean isOverflow = !isKilled && random.nextInt(5) == 0;
      long count = random.nextInt(1, 50);
      int end = second + length;
      insertGap(second, isKilled ? null : (Integer) end, isOverflow ? (Long) count : null);
      if (isOverflow) {
        dropped[second / DAY_S] += count;
      }
      if (isKilled) {
        opened.add(second);
      } else {
        mark(second, end);
        if (!isOverflow) { // the gap of a restart
          opened.forEach(from -> mark(from, end));
          opened.clear();
        }
      }
      second = end + random.nextInt(1, 2 * DAY_S);
    }
    opened.forEach(from -> mark(from, days * DAY_S));
  }

  private void mark(int from, int to) {
    inGap.set(Math.min(from, days * DAY_S), Math.min(to, days * DAY_S));
  }

  /** What the API must say about a day: covered, gap, ticks, dropped, state. */
  String expected(int day) {
    long covered = 0;
    long gap = 0;
    for (int second = Math.max(recordedFrom, day * DAY_S); second < (day + 1) * DAY_S; second++) {
      if (inGap.get(second)) {
        gap++;
      } else {
        covered++;
      }
    }
    boolean isWhole = gap == 0 && dropped[day] == 0 && recordedFrom <= day * DAY_S;
    String state = covered == 0 ? "missing" : isWhole ? "complete" : "degraded";
    return covered * 1000 + " " + gap * 1000 + " " + ticks[day] + " " + dropped[day] + " " + state;
  }

  private void insertTick(String table, long eventTime, long session, long sequence) {
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + "."
            + table
            + " (source, symbol, hour, event_time, session, sequence, kind, price, volume,"
            + " received_at) VALUES (?, ?, ?, ?, ?, ?, 'trade', ?, ?, ?)",
        SOURCE,
        symbol,
        Instant.ofEpochMilli(eventTime - Math.floorMod(eventTime, 3_600_000L)),
        Instant.ofEpochMilli(eventTime),
        session,
        sequence,
        BigDecimal.TEN,
        BigDecimal.ONE,
        Instant.ofEpochMilli(eventTime));
  }

  private void writeCandle(long second) {
    long openTime = second - Math.floorMod(second, 60);
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + ".candles (source, symbol, interval, month, open_time, open, high, low, close,"
            + " volume, trades, kind) VALUES (?, ?, '1m', ?, ?, 10, 10, 10, 10, 1, 1, 'trade')",
        SOURCE,
        symbol,
        month(openTime),
        Instant.ofEpochSecond(openTime));
  }

  private void insertGap(int from, Integer to, Long count) {
    long gapStart = start + from;
    cassandra.execute(
        "INSERT INTO "
            + keyspace
            + ".feed_gaps (source, symbol, month, gap_start, session_before, first_missing, cause"
            + (to == null ? "" : ", gap_end")
            + (count == null ? "" : ", dropped")
            + ") VALUES ('"
            + SOURCE
            + "', '"
            + symbol
            + "', '"
            + month(gapStart)
            + "', "
            + gapStart * 1000
            + ", 1, 1, '"
            + (count == null ? "CONNECTION_LOST" : "OVERFLOW")
            + "'"
            + (to == null ? "" : ", " + (start + to) * 1000)
            + (count == null ? "" : ", " + count)
            + ")");
  }

  private static LocalDate month(long second) {
    return Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
  }
}
