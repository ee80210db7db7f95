package io.marketstream.model;

import java.util.Optional;

/** The side of a trade: what its taker did. */
public enum TradeSide {
  /** The taker bought. */
  BUY("buy"),
  /** The taker sold. */
  SELL("sell");

  private final String wireName;

  TradeSide(String wireName) {
    this.wireName = wireName;
  }

  /** The value of the field in records and tables. */
  public String wireName() {
    return wireName;
  }

  /** The constant with this name, or empty if there is none. */
  public static Optional<TradeSide> ofWireName(String name) {
    return switch (name) {
      case "buy" -> Optional.of(BUY);
      case "sell" -> Optional.of(SELL);
      default -> Optional.empty();
    };
  }
}
