package io.marketstream.feed.record;

/** What a tick is: a trade that happened, or an indicative price without one. */
public enum TickKind {
  TRADE("trade"),
  PRICE("price");

  private final String wireName;

  TickKind(String wireName) {
    this.wireName = wireName;
  }

  /** The value of the field {@code kind} in records and tables. */
  public String wireName() {
    return wireName;
  }
}
