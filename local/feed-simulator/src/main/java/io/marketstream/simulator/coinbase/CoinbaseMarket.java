package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.market.Instrument;
import io.marketstream.simulator.market.Market;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.market.SymbolPicker;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Creates trades as Coinbase sends them, and records them at the venue. A message holds the fills
 * of one incoming order. Used by the sender thread only.
 */
final class CoinbaseMarket implements Market {

  /** Neighbours of different products may be this much out of order. */
  private static final int DISORDER_MICROS = 800;

  private final CoinbaseVenue venue;
  private final Map<String, ProductTape> tapes = new LinkedHashMap<>();
  private final SplittableRandom random;
  private List<String> symbols = List.of();

  /** Null while nothing trades. */
  private @Nullable SymbolPicker picker;

  /** How many trades were made before they were due. */
  private int ahead;

  CoinbaseMarket(CoinbaseVenue venue, long seed) {
    this.venue = venue;
    this.random = new SplittableRandom(seed);
    for (CoinbaseProduct product : venue.products()) {
      tapes.put(
          product.id(), new ProductTape(product, seed, id -> venue.isAbsent(product.id(), id)));
    }
  }

  @Override
  public void use(Set<String> newSymbols) {
    List<Instrument> instruments =
        venue.products().stream()
            .filter(product -> newSymbols.contains(product.id()))
            .map(CoinbaseProduct::instrument)
            .toList();
    symbols = instruments.stream().map(Instrument::symbol).toList();
    picker = symbols.isEmpty() ? null : new SymbolPicker(instruments, random);
  }

  @Override
  public List<List<? extends SimTick>> next(int ticks, long fromMs, long toMs) {
    if (picker == null) {
      return List.of();
    }
    List<List<? extends SimTick>> orders = new ArrayList<>();
    Set<String> trading = venue.trading();
    int made = ahead;
    while (made < ticks) {
      long micros = (toMs - fromMs) * 1_000 * (made + 1) / ticks - random.nextInt(DISORDER_MICROS);
      Instant time = Instant.ofEpochMilli(fromMs).plus(Math.max(0, micros), ChronoUnit.MICROS);
      String product = symbols.get(picker.next());
      if (trading.contains(product)) {
        List<SimMatch> order = recorded(tape(product).takerOrder(time));
        orders.add(order);
        made += order.size();
      } else {
        made++; // the product was halted since the last call of use
      }
    }
    ahead = made - ticks;
    return orders;
  }

  /**
   * Makes the trades from before the start, one per product and second.
   *
   * @param now the time of the newest of them
   */
  void makePast(int trades, Instant now) {
    for (int secondsAgo = trades - 1; secondsAgo >= 0; secondsAgo--) {
      for (ProductTape tape : tapes.values()) {
        recorded(tape.takerOrder(now.minusSeconds(secondsAgo), 1));
      }
    }
  }

  /** One incoming order with this many fills. */
  List<SimMatch> takerOrder(String product, int fills, Instant time) {
    return recorded(tape(product).takerOrder(time, fills));
  }

  /** One trade with this price and size. */
  SimMatch trade(String product, Side makerSide, String price, String size, Instant time) {
    SimMatch trade = tape(product).trade(makerSide, price, size, time);
    venue.add(trade);
    return trade;
  }

  /** The number of the product's newest order book event. */
  long sequence(String product) {
    return tape(product).passingSequence();
  }

  private List<SimMatch> recorded(List<SimMatch> order) {
    order.forEach(venue::add);
    return order;
  }

  private ProductTape tape(String product) {
    return Objects.requireNonNull(tapes.get(product), () -> "No product " + product);
  }
}
