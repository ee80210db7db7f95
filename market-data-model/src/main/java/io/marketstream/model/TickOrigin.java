package io.marketstream.model;

import java.util.Optional;

/** The way on which a tick of a feed with trade ids arrived. */
public enum TickOrigin {
  /** From the websocket. */
  LIVE("live"),
  /** From the venue's history, after a gap. */
  REPAIR("repair");

  private final String wireName;

  TickOrigin(String wireName) {
    this.wireName = wireName;
  }

  /** The value of the field in records and tables. */
  public String wireName() {
    return wireName;
  }

  /** The constant with this name, or empty if there is none. */
  public static Optional<TickOrigin> ofWireName(String name) {
    return switch (name) {
      case "live" -> Optional.of(LIVE);
      case "repair" -> Optional.of(REPAIR);
      default -> Optional.empty();
    };
  }
}
