package io.marketstream.simulator.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.simulator.market.SimTick;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoinCapMarketTest {

  private static final long SEED = 20261123;

  private static List<List<? extends SimTick>> frames(Set<String> assets, int ticks) {
    CoinCapMarket market = new CoinCapMarket(SEED, Set.of("no-such-coin"), 40);
    market.use(assets);
    return new ArrayList<>(market.next(ticks, 0, 250));
  }

  @Test
  void aFrameHasEachAssetOnceWithAChangedPrice() {
    Map<String, String> last = new HashMap<>();
    for (List<? extends SimTick> frame : frames(Set.of("ALL"), 5_000)) {
      assertThat(frame.stream().map(SimTick::symbol)).doesNotHaveDuplicates();
      for (SimTick tick : frame) {
        assertThat(tick.price()).as("seed %s", SEED).matches("(0|[1-9][0-9]*)\\.[0-9]{16,}");
        assertThat(last.put(tick.symbol(), tick.price())).isNotEqualTo(tick.price());
      }
    }
    assertThat(last).hasSize(40);
    assertThat(last.values()).anyMatch(price -> price.length() - price.indexOf('.') > 18);
  }

  @Test
  void exactlyAsManyTicksAreMadeAsAreDue() {
    assertThat(frames(Set.of("bitcoin"), 17)).hasSize(17);
    assertThat(frames(Set.of("bitcoin", "made-up-coin"), 17).stream().mapToInt(List::size).sum())
        .isEqualTo(17);
  }

  @Test
  void allCanBeThousandsOfAssets() {
    CoinCapMarket market = new CoinCapMarket(SEED, Set.of(), 3_000);
    market.use(Set.of(CoinCapSimulator.ALL));
    Set<String> seen = new HashSet<>();
    for (List<? extends SimTick> frame : market.next(50_000, 0, 250)) {
      frame.forEach(tick -> seen.add(tick.symbol()));
    }
    assertThat(seen).hasSize(3_000).contains("bitcoin", "coin-3000");
  }

  @Test
  void anUnknownAssetNeverTicks() {
    assertThat(frames(Set.of("no-such-coin"), 17)).isEmpty();
  }

  @Test
  void aSeedGivesTheSameFrames() {
    assertThat(frames(Set.of("ALL"), 500)).isEqualTo(frames(Set.of("ALL"), 500));
  }
}
