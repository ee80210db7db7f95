package io.marketstream.embedded.component;

import java.util.Set;

/**
 * The settings of the simulator, besides its {@link ComponentSettings}.
 *
 * @param feeds at least one of {@code finnhub}, {@code coincap} and {@code coinbase}
 * @param rate ticks per second of these feeds together
 * @param seed of the random walks
 */
public record SimulatorSetup(Set<String> feeds, int rate, long seed) {
  public SimulatorSetup {
    feeds = Set.copyOf(feeds);
    if (feeds.isEmpty()) {
      throw new IllegalArgumentException("A simulator needs at least one feed");
    }
  }
}
