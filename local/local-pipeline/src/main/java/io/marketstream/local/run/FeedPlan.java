package io.marketstream.local.run;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The feeds that are live. The others are simulated.
 *
 * @param live the feeds with a key; may be empty
 */
public record FeedPlan(Set<Feed> live) {
  public FeedPlan {
    live = Set.copyOf(live);
  }

  /** Reads the environment. A feed is live if its key is not blank. */
  public static FeedPlan of(Map<String, String> environment) {
    return new FeedPlan(
        Stream.of(Feed.values())
            .filter(feed -> !environment.getOrDefault(feed.keyVariable(), "").isBlank())
            .collect(Collectors.toSet()));
  }

  public boolean isLive(Feed feed) {
    return live.contains(feed);
  }

  /** Returns the simulated feeds, in the order of {@link Feed}. */
  public Set<Feed> simulated() {
    Set<Feed> simulated = EnumSet.allOf(Feed.class);
    simulated.removeAll(live);
    return simulated;
  }

  /** Returns text such as {@code Finnhub SIMULATED · CoinCap live}. */
  public String toDisplayString() {
    return Stream.of(Feed.values())
        .map(feed -> feed.title() + (isLive(feed) ? " live" : " SIMULATED"))
        .collect(Collectors.joining(" · "));
  }
}
