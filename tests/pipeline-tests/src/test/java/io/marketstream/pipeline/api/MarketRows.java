package io.marketstream.pipeline.api;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Writes rows as the job writes them. */
final class MarketRows {
  static final String SOURCE = "finnhub-sim";
  static final String SYMBOL = "AAPL";

  private final CqlSession session;
  private final long connection;

  MarketRows(CqlSession session, Instant connected) {
    this.session = session;
    this.connection = connected.toEpochMilli();
  }

  /** The newest tick of a symbol, in both tables of ticks. */
  void tick(String symbol, Instant time, long sequence, String price) {
    tick(symbol, time, time, sequence, price);
  }

  void tick(String symbol, Instant time, Instant received, long sequence, String price) {
    for (String table : List.of("ticks", "latest_ticks")) {
      session.execute(
          "INSERT INTO "
              + table
              + " (source, symbol, hour, event_time, session, sequence, kind, price, volume,"
              + " conditions, received_at"
              + (table.equals("ticks") ? ", side" : "")
              + ") VALUES (?, ?, ?, ?, ?, ?, 'trade', ?, ?, ?, ?"
              + (table.equals("ticks") ? ", 'sell'" : "")
              + ")",
          SOURCE,
          symbol,
          time.truncatedTo(ChronoUnit.HOURS),
          time,
          connection,
          sequence,
          new BigDecimal(price),
          new BigDecimal("100"),
          List.of("1", "12"),
          received);
    }
  }

  /** Newest ticks of many symbols. */
  void newestTicks(int symbols, Instant time, int round) {
    var insert =
        session.prepare(
            "INSERT INTO latest_ticks (source, symbol, hour, event_time, session, sequence, kind,"
                + " price, volume, conditions, received_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, 'trade', ?, ?, ?, ?)");
    CompletableFuture<?>[] written =
        IntStream.range(0, symbols)
            .mapToObj(
                i ->
                    session.executeAsync(
                        insert.bind(
                            SOURCE,
                            String.format(Locale.ROOT, "S%03d", i),
                            time.truncatedTo(ChronoUnit.HOURS),
                            time,
                            connection,
                            (long) round,
                            new BigDecimal(100 + i).add(new BigDecimal(round).movePointLeft(2)),
                            BigDecimal.ONE,
                            List.of("1"),
                            time.plusMillis(20 + i * 37 % 180))))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(written).join();
  }

  void candle(Instant open, int number, String kind) {
    BigDecimal price = new BigDecimal("189.50").add(new BigDecimal(number % 17).movePointLeft(2));
    session.execute(
        "INSERT INTO candles (source, symbol, interval, month, open_time, open, high, low, close,"
            + " volume, vwap, trades, kind) VALUES (?, ?, '1m', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        SOURCE,
        SYMBOL,
        month(open),
        open,
        price,
        price.add(new BigDecimal("0.06")),
        price.subtract(new BigDecimal("0.05")),
        price.add(new BigDecimal(number % 3 - 1).movePointLeft(2)),
        new BigDecimal(1000 + 37 * (number % 11)),
        price,
        20L,
        kind);
  }

  /** An hour of candles of the first of many symbols, until their first newest tick. */
  void lastHour(int symbols, Instant last) {
    for (int i = 0; i < symbols; i++) {
      for (int minute = 0; minute < 60; minute++) {
        double back = 59.0 - minute;
        double move = back / 60 * (i % 5 - 2) + Math.sin(back / (3 + i % 7)) * (1 + i % 3) / 3;
        String price = String.format(Locale.ROOT, "%.2f", 100 + i + move);
        candle(
            String.format(Locale.ROOT, "S%03d", i),
            last.minus(Duration.ofMinutes(59L - minute)),
            price);
      }
    }
  }

  /** A candle of regular trades that all have one price. */
  void candle(String symbol, Instant open, String price) {
    BigDecimal value = new BigDecimal(price);
    session.execute(
        "INSERT INTO candles (source, symbol, interval, month, open_time, open, high, low, close,"
            + " volume, vwap, trades, kind) VALUES (?, ?, '1m', ?, ?, ?, ?, ?, ?, 1, ?, 1, 'trade')",
        SOURCE,
        symbol,
        month(open),
        open,
        value,
        value,
        value,
        value,
        value);
  }

  void gap(Instant start, Duration length, String cause) {
    session.execute(
        "INSERT INTO feed_gaps (source, symbol, month, gap_start, session_before, first_missing,"
            + " gap_end, session_after, cause, dropped, detail)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        SOURCE,
        SYMBOL,
        month(start),
        start,
        connection,
        500L,
        start.plus(length),
        connection + 1,
        cause,
        0L,
        "the socket said nothing");
  }

  /**
   * What the list shows of a symbol.
   *
   * @param change since the day's open, a ratio. Negative infinity without a candle of the day
   */
  record Listed(String symbol, BigDecimal price, double change, Instant received, long delayMs) {}

  /** Every symbol. The day's open is that of the first candle, which is of the tick's day here. */
  List<Listed> listed() {
    return session
        .execute(
            "SELECT symbol, price, event_time, received_at FROM latest_ticks WHERE source = ?",
            SOURCE)
        .all()
        .stream()
        .map(this::listed)
        .toList();
  }

  private Listed listed(Row tick) {
    String symbol = Objects.requireNonNull(tick.getString("symbol"));
    BigDecimal price = Objects.requireNonNull(tick.getBigDecimal("price"));
    Instant time = Objects.requireNonNull(tick.getInstant("event_time"));
    Instant received = Objects.requireNonNull(tick.getInstant("received_at"));
    Row candle =
        session
            .execute(
                "SELECT open FROM candles WHERE source = ? AND symbol = ? AND interval = '1m'"
                    + " AND month = ? AND open_time >= ? ORDER BY open_time LIMIT 1",
                SOURCE,
                symbol,
                month(time),
                time.truncatedTo(ChronoUnit.DAYS))
            .one();
    BigDecimal open = candle == null ? null : candle.getBigDecimal("open");
    double change =
        open == null ? Double.NEGATIVE_INFINITY : price.doubleValue() / open.doubleValue() - 1;
    return new Listed(symbol, price, change, received, Duration.between(time, received).toMillis());
  }

  String newestPrice(String symbol) {
    var row =
        session
            .execute(
                "SELECT price FROM latest_ticks WHERE source = ? AND symbol = ?", SOURCE, symbol)
            .one();
    if (row == null) {
      throw new AssertionError(symbol + " has no tick");
    }
    BigDecimal price = row.getBigDecimal("price");
    if (price == null) {
      throw new AssertionError(symbol + " has no price");
    }
    return price.toPlainString();
  }

  private static LocalDate month(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
  }
}
