package io.marketstream.benchmarks.contender;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A tick of the benchmarks. Symbol, sequence and time decide all of its fields, so a reader can
 * check a row against them.
 *
 * @param symbol number of the symbol, from 0
 * @param sequence number of the tick among those of its symbol, from 0
 * @param time event time and time of receipt, epoch ms
 */
public record BenchTick(int symbol, long sequence, long time) {
  public static final String SOURCE = "bench-sim";
  public static final String KIND = "trade";
  public static final long SESSION = 1;
  public static final List<String> CONDITIONS = List.of("1");

  private static final String PREFIX = "SYMBOL";

  /**
   * A tick of a series that takes turns between its symbols and has one tick per millisecond.
   *
   * @param number of the tick in the series, from 0
   * @param symbols how many symbols the series has
   * @param begin time of the first tick, epoch ms
   */
  public static BenchTick of(long number, int symbols, long begin) {
    return new BenchTick((int) (number % symbols), number / symbols, begin + number);
  }

  /** The number of the symbol that has this name. */
  public static int symbolOf(String name) {
    return Integer.parseInt(name.substring(PREFIX.length()));
  }

  public static String nameOf(int symbol) {
    return PREFIX + symbol;
  }

  public String name() {
    return nameOf(symbol);
  }

  public BigDecimal price() {
    return BigDecimal.valueOf(10_000 + sequence * 7_919 % 1_000, 2);
  }

  public BigDecimal volume() {
    return BigDecimal.valueOf(1 + sequence % 300);
  }

  public Instant hour() {
    return Instant.ofEpochMilli(time).truncatedTo(ChronoUnit.HOURS);
  }

  /** The record of the topic, as a connector writes it. */
  public String json() {
    return "{\"source\":\""
        + SOURCE
        + "\",\"symbol\":\""
        + name()
        + "\",\"kind\":\""
        + KIND
        + "\",\"price\":\""
        + price().toPlainString()
        + "\",\"volume\":\""
        + volume().toPlainString()
        + "\",\"conditions\":[\"1\"],\"event_time\":"
        + time
        + ",\"received_at\":"
        + time
        + ",\"session\":"
        + SESSION
        + ",\"sequence\":"
        + sequence
        + "}";
  }
}
