package io.marketstream.simulator.journal;

/** The feeds that can be simulated. */
public enum Feed {
  FINNHUB("finnhub"),
  COINCAP("coincap"),
  COINBASE("coinbase");

  private final String wireName;

  Feed(String wireName) {
    this.wireName = wireName;
  }

  /** The feed's name in options, in the journal and in the JSON of the control endpoint. */
  public String wireName() {
    return wireName;
  }

  /**
   * The feed with this name.
   *
   * @throws IllegalArgumentException if no feed has this name
   */
  public static Feed ofWireName(String name) {
    for (Feed feed : values()) {
      if (feed.wireName.equals(name)) {
        return feed;
      }
    }
    throw new IllegalArgumentException("No feed '" + name + "': use finnhub, coincap or coinbase");
  }
}
