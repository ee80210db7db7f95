package io.marketstream.simulator.coincap;

import io.marketstream.simulator.market.Instruments;
import io.marketstream.simulator.market.Market;
import io.marketstream.simulator.market.PriceWalk;
import io.marketstream.simulator.market.SimPrice;
import io.marketstream.simulator.market.SimTick;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Creates frames as CoinCap sends them: some of the assets, each at most once and with a changed
 * price (docs/feeds.md, CoinCap websocket).
 */
final class CoinCapMarket implements Market {

  private final long seed;
  private final Set<String> unknownAssets;
  private final Instruments instruments;
  private final Map<String, PriceWalk> walks = new HashMap<>();
  private final SplittableRandom random;
  private String[] assets = {};

  /**
   * @param assetCount how many assets {@code ALL} has
   */
  CoinCapMarket(long seed, Set<String> unknownAssets, int assetCount) {
    this.instruments = Instruments.coincap(assetCount);
    this.seed = seed;
    this.unknownAssets = unknownAssets;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void use(Set<String> symbols) {
    assets =
        (symbols.contains(CoinCapSimulator.ALL) ? instruments.symbols() : symbols)
            .stream().filter(asset -> !unknownAssets.contains(asset)).toArray(String[]::new);
  }

  @Override
  public List<List<? extends SimTick>> next(int ticks, long fromMs, long toMs) {
    List<List<? extends SimTick>> frames = new ArrayList<>();
    for (int left = assets.length == 0 ? 0 : ticks; left > 0; ) {
      int size = Math.min(left, 1 + random.nextInt(assets.length));
      frames.add(frame(size));
      left -= size;
    }
    return frames;
  }

  /** Creates a frame of {@code size} different assets, with the first steps of a shuffle. */
  private List<SimPrice> frame(int size) {
    List<SimPrice> prices = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int other = i + random.nextInt(assets.length - i);
      String asset = assets[other];
      assets[other] = assets[i];
      assets[i] = asset;
      PriceWalk walk =
          walks.computeIfAbsent(asset, slug -> new PriceWalk(instruments.of(slug), seed));
      prices.add(new SimPrice(asset, walk.nextPrice()));
    }
    return prices;
  }
}
