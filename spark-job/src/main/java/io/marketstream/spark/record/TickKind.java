package io.marketstream.spark.record;

/** What a tick says: that a trade took place, or only what the price is. */
public enum TickKind {
  /** A trade with a volume. */
  TRADE("trade"),
  /** An indicative price without a trade. */
  PRICE("price");

  private final String wire;

  TickKind(String wire) {
    this.wire = wire;
  }

  /** The word used in topic and tables. */
  public String wire() {
    return wire;
  }

  /** The kind for a word of the topic, or null where the word is none. */
  public static TickKind ofWire(String word) {
    return switch (word) {
      case "trade" -> TRADE;
      case "price" -> PRICE;
      default -> null;
    };
  }
}
