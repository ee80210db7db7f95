package io.marketstream.faults;

/**
 * How fast the simulated feeds run, ticks/s.
 *
 * @param finnhub over all symbols
 * @param coincap over all assets
 */
record FeedRates(int finnhub, int coincap) {
  int together() {
    return finnhub + coincap;
  }
}
