package io.marketstream.local.run;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which feeds are live: those with a key in the environment. The others are simulated.
 *
 * @param live may be empty
 */
public record FeedPlan(Set<Feed> live) {
  public FeedPlan {
    live = Set.copyOf(live);
  }

  /** Reads the environment; an empty key is none. */
  public static FeedPlan of(Map<String, String> environment) {
    return new FeedPlan(
        Stream.of(Feed.values())
            .filter(feed -> !environment.getOrDefault(feed.keyVariable(), "").isBlank())
            .collect(Collectors.toSet()));
  }

  public boolean isLive(Feed feed) {
    return live.contains(feed);
  }

  /** In the order of {@link Feed}. */
  public Set<Feed> simulated() {
    Set<Feed> simulated = EnumSet.allOf(Feed.class);
    simulated.removeAll(live);
    return simulated;
  }

  /** For every screen: {@code Finnhub SIMULATED · CoinCap live}. */
  public String toDisplayString() {
    return Stream.of(Feed.values())
        .map(feed -> feed.title() + (isLive(feed) ? " live" : " SIMULATED"))
        .collect(Collectors.joining(" · "));
  }
}
