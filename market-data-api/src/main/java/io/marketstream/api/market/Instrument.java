package io.marketstream.api.market;

/**
 * A symbol of a source. The same symbol of two sources is two instruments.
 *
 * @param source the {@code source.name} of the connector
 * @param symbol as the feed spells it
 */
public record Instrument(String source, String symbol) implements Comparable<Instrument> {
  /** The sources of simulated feeds end with this. {@code ./market-stream up} names them so. */
  private static final String SIMULATED = "-sim";

  /** Whether the prices come from a simulator. */
  public boolean isSimulated() {
    return source.endsWith(SIMULATED);
  }

  @Override
  public int compareTo(Instrument other) {
    int bySymbol = symbol.compareTo(other.symbol);
    return bySymbol != 0 ? bySymbol : source.compareTo(other.source);
  }

  /** {@code source:symbol}, as the TradingView protocol and the log have it. */
  @Override
  public String toString() {
    return source + ":" + symbol;
  }
}
