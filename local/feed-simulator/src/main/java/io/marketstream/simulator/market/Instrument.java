package io.marketstream.simulator.market;

/**
 * Something that is traded.
 *
 * @param symbol as the feed spells it
 * @param kind what it is
 * @param price where its walk starts, in dollars
 * @param weight how often it ticks, relative to the others
 */
public record Instrument(String symbol, Kind kind, double price, double weight) {

  /** What decides how prices, volumes and conditions look. */
  public enum Kind {
    /** Cents, now and then a fraction of one; whole shares; condition codes. */
    STOCK,
    /** A crypto pair of an exchange: decimals by price level, fractional volumes. */
    CRYPTO_PAIR,
    /** A currency pair: prices without volume. */
    FOREX,
    /** An asset's average price over many exchanges: up to twenty decimals, no volume. */
    COIN
  }
}
