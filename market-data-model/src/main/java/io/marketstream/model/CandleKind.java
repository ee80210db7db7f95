package io.marketstream.model;

/** Which ticks set open, high, low and close of a candle, in order of precedence. */
public enum CandleKind {
  /** Trades of the regular session. A candle without any price is of this kind as well. */
  TRADE("trade"),
  /** Trades outside the regular session: the candle has no regular trade that may set a price. */
  EXTENDED("extended"),
  /** Indicative prices: the candle has no trade that may set a price. */
  PRICE("price");

  private final String wireName;

  CandleKind(String wireName) {
    this.wireName = wireName;
  }

  /** The word in the candles table. */
  public String wireName() {
    return wireName;
  }
}
