package io.marketstream.simulator;

/** The two feeds that can be simulated. */
public enum Feed {
  FINNHUB("finnhub"),
  COINCAP("coincap");

  private final String wireName;

  Feed(String wireName) {
    this.wireName = wireName;
  }

  /** The feed's name as it stands in options, in the journal and in the control endpoint's JSON. */
  public String wireName() {
    return wireName;
  }

  /**
   * The feed of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Feed ofWireName(String name) {
    for (Feed feed : values()) {
      if (feed.wireName.equals(name)) {
        return feed;
      }
    }
    throw new IllegalArgumentException("No feed '" + name + "': use finnhub or coincap");
  }
}
