package io.marketstream.simulator.market;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One trade of a Finnhub message.
 *
 * @param symbol as the feed spells it
 * @param price decimal text, written verbatim as a JSON number
 * @param volume decimal text, written verbatim as a JSON number; {@code 0} is an update without a
 *     trade
 * @param timeMs Unix milliseconds
 * @param conditions codes in wire order; null if {@code c} is null or absent
 * @param conditionsPresent whether the trade has the key {@code c}
 */
public record SimTrade(
    String symbol,
    String price,
    String volume,
    long timeMs,
    @Nullable List<String> conditions,
    boolean conditionsPresent)
    implements SimTick {

  public SimTrade {
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(price, "price");
    Objects.requireNonNull(volume, "volume");
    conditions = conditions == null ? null : List.copyOf(conditions);
    if (conditions != null && !conditionsPresent) {
      throw new IllegalArgumentException("Conditions " + conditions + " need the key c");
    }
  }

  /** A trade with {@code "c":[…]}, empty if no code is given. */
  public static SimTrade of(
      String symbol, String price, String volume, long timeMs, String... conditions) {
    return new SimTrade(symbol, price, volume, timeMs, List.of(conditions), true);
  }

  /** A trade with {@code "c":null}, as crypto has it. */
  public static SimTrade withNullConditions(
      String symbol, String price, String volume, long timeMs) {
    return new SimTrade(symbol, price, volume, timeMs, null, true);
  }

  /** A trade without the key {@code c}, as in 2020. */
  public static SimTrade withoutConditions(
      String symbol, String price, String volume, long timeMs) {
    return new SimTrade(symbol, price, volume, timeMs, null, false);
  }

  @Override
  public Long eventTimeMs() {
    return timeMs;
  }
}
