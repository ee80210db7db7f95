package io.marketstream.simulator.market;

/**
 * An instrument that is traded: a stock, a pair or a coin.
 *
 * @param symbol as the feed spells it
 * @param kind what it is
 * @param price its first price in dollars
 * @param weight how often it ticks, relative to the others
 */
public record Instrument(String symbol, Kind kind, double price, double weight) {

  /** Determines the form of prices, volumes and conditions. */
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
