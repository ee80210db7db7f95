package io.marketstream.local.run;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The feeds that are live and those that are simulated. The others are off.
 *
 * @param live may be empty
 * @param simulated none that is live; may be empty
 */
public record FeedPlan(Set<Feed> live, Set<Feed> simulated) {
  public FeedPlan {
    live = Set.copyOf(live);
    simulated = Set.copyOf(simulated);
  }

  /**
   * Reads the environment. A feed is live if its key is not blank.
   *
   * @param liveOnly whether a feed without a key is live too if it needs none, and off otherwise.
   *     Without it, such a feed is simulated
   */
  public static FeedPlan of(Map<String, String> environment, boolean liveOnly) {
    Set<Feed> live = EnumSet.noneOf(Feed.class);
    for (Feed feed : Feed.values()) {
      if (feed.keyVariable()
          .map(variable -> !environment.getOrDefault(variable, "").isBlank())
          .orElse(liveOnly)) {
        live.add(feed);
      }
    }
    return new FeedPlan(live, liveOnly ? Set.of() : without(live));
  }

  private static Set<Feed> without(Set<Feed> feeds) {
    Set<Feed> others = EnumSet.allOf(Feed.class);
    others.removeAll(feeds);
    return others;
  }

  public boolean isLive(Feed feed) {
    return live.contains(feed);
  }

  /** Returns the feeds that are not off, in the order of {@link Feed}. */
  public Set<Feed> active() {
    Set<Feed> active = EnumSet.noneOf(Feed.class);
    active.addAll(live);
    active.addAll(simulated);
    return active;
  }

  /** Returns text such as {@code Finnhub SIMULATED · CoinCap live}. */
  public String toDisplayString() {
    return Stream.of(Feed.values())
        .filter(active()::contains)
        .map(feed -> feed.title() + (isLive(feed) ? " live" : " SIMULATED"))
        .collect(Collectors.joining(" · "));
  }
}
