package io.marketstream.simulator.market;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One asset of a CoinCap frame.
 *
 * @param symbol the asset's slug
 * @param price decimal text, written verbatim between quotes
 */
public record SimPrice(String symbol, String price) implements SimTick {

  public SimPrice {
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(price, "price");
  }

  @Override
  public @Nullable String volume() {
    return null;
  }

  @Override
  public @Nullable List<String> conditions() {
    return null;
  }

  @Override
  public @Nullable Long eventTimeMs() {
    return null;
  }
}
