package io.marketstream.pipeline;

/**
 * How fast the simulated feeds run, ticks/s.
 *
 * @param finnhub over all symbols
 * @param coincap over all assets
 * @param coinbase over all products; 0 for a pipeline without Coinbase
 */
public record FeedRates(double finnhub, double coincap, double coinbase) {

  /** The rates of a pipeline without Coinbase. */
  public static FeedRates withoutCoinbase(double finnhub, double coincap) {
    return new FeedRates(finnhub, coincap, 0);
  }

  public int together() {
    return (int) Math.round(finnhub + coincap + coinbase);
  }
}
