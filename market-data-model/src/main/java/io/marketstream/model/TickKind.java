package io.marketstream.model;

import java.util.Optional;

/** What a tick is: a trade that happened, or an indicative price without a trade. */
public enum TickKind {
  /** A trade. Most feeds send a volume with it. */
  TRADE("trade"),
  /** An indicative price. It has no volume. */
  PRICE("price");

  private final String wireName;

  TickKind(String wireName) {
    this.wireName = wireName;
  }

  /** The value of the field {@code kind} in records and tables. */
  public String wireName() {
    return wireName;
  }

  /** The kind with this name, or empty if there is none. */
  public static Optional<TickKind> ofWireName(String name) {
    return switch (name) {
      case "trade" -> Optional.of(TRADE);
      case "price" -> Optional.of(PRICE);
      default -> Optional.empty();
    };
  }
}
