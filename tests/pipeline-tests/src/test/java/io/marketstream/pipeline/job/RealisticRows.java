package io.marketstream.pipeline.job;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows as the job writes them, with the sizes of the feeds' ticks (docs/feeds.md). Values are in
 * the order of {@link #columns}, and null if the job omits a column.
 */
final class RealisticRows {
  private static final Instant HOUR = Instant.parse("2026-11-23T14:00:00Z");
  private static final LocalDate MONTH = LocalDate.parse("2026-11-01");
  private static final long SESSION = HOUR.toEpochMilli() - 5_400_123;
  private static final int PER_MESSAGE = 10;
  private static final int LONGEST_WAY_MS = 500;
  private static final String SYMBOL = "AAPL";

  /** Most trades have one or two conditions. Some are odd lots. */
  private static final List<List<String>> CONDITIONS =
      List.of(List.of("1"), List.of("1", "12"), List.of("1", "8", "12"), List.of("12"));

  private final Random random = new Random(20261123);
  private double price = 189.77;

  /** Returns the columns of a table's rows for an INSERT. */
  static String columns(String table) {
    return switch (table) {
      case "ticks", "latest_ticks" ->
          "source, symbol, hour, event_time, session, sequence, kind, price, volume, conditions,"
              + " received_at";
      case "candles" ->
          "source, symbol, interval, month, open_time, open, high, low, close, volume, vwap,"
              + " trades, kind";
      case "feed_gaps" ->
          "source, symbol, month, gap_start, session_before, first_missing, gap_end,"
              + " session_after, cause, dropped, detail";
      default -> throw new IllegalArgumentException(table);
    };
  }

  /** One partition of a table. */
  Iterator<Object[]> partition(String table, int rows) {
    return switch (table) {
      case "ticks" -> stream(rows).mapToObj(i -> tick(SYMBOL, i, rows)).iterator();
      case "latest_ticks" -> stream(rows).mapToObj(i -> latest(i, rows)).iterator();
      case "candles" -> stream(rows).mapToObj(this::candle).iterator();
      case "feed_gaps" -> stream(rows).mapToObj(this::gap).iterator();
      default -> throw new IllegalArgumentException(table);
    };
  }

  private static IntStream stream(int rows) {
    return IntStream.range(0, rows);
  }

  /** Ten trades per message, over the whole hour. One in twenty is a price without a trade. */
  private Object[] tick(String symbol, int i, int rows) {
    int message = i / PER_MESSAGE;
    Instant received = HOUR.plusMillis(message * 3_599_000L * PER_MESSAGE / rows + LONGEST_WAY_MS);
    boolean trade = random.nextInt(20) != 0;
    return new Object[] {
      "finnhub",
      symbol,
      HOUR,
      received.minusMillis(40 + random.nextInt(LONGEST_WAY_MS - 40)),
      SESSION,
      (long) i,
      trade ? "trade" : "price",
      walk(2 + random.nextInt(3)),
      BigDecimal.valueOf(trade ? 1 + random.nextInt(500) : 0),
      trade ? CONDITIONS.get(random.nextInt(CONDITIONS.size())) : null,
      received
    };
  }

  private Object[] latest(int i, int rows) {
    Object[] tick = tick("SYM" + i, i, rows);
    if (tick[9] == null) {
      tick[9] = List.of();
    }
    return tick;
  }

  private Object[] candle(int i) {
    BigDecimal[] prices =
        Stream.generate(() -> walk(4)).limit(4).sorted().toArray(BigDecimal[]::new);
    BigDecimal volume = BigDecimal.valueOf(1_000 + random.nextInt(1_000_000));
    return new Object[] {
      "finnhub",
      SYMBOL,
      "1m",
      MONTH,
      Instant.parse("2026-11-01T00:00:00Z").plusSeconds(60L * i),
      prices[1],
      prices[3],
      prices[0],
      prices[2],
      volume,
      prices[1].multiply(volume).add(BigDecimal.ONE).divide(volume, MathContext.DECIMAL128),
      100L + random.nextInt(10_000),
      "trade"
    };
  }

  private Object[] gap(int i) {
    Instant start = Instant.parse("2026-11-01T00:00:00Z").plusSeconds(180L * i).plusMillis(i % 997);
    long before = start.toEpochMilli() - 170_000;
    Instant end = start.plusMillis(1_000 + random.nextInt(5_000));
    return new Object[] {
      "finnhub",
      SYMBOL,
      MONTH,
      start,
      before,
      (long) random.nextInt(100_000),
      end,
      end.toEpochMilli() - 130,
      "CONNECTION_LOST",
      null,
      "SocketException: Connection reset"
    };
  }

  private BigDecimal walk(int decimals) {
    price = Math.max(1, price + random.nextGaussian() * 0.02);
    return new BigDecimal(price).setScale(decimals, RoundingMode.HALF_EVEN);
  }
}
