package io.marketstream.simulator;

import java.util.List;
import java.util.Objects;

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
  public String volume() {
    return null;
  }

  @Override
  public List<String> conditions() {
    return null;
  }

  @Override
  public Long eventTimeMs() {
    return null;
  }
}
