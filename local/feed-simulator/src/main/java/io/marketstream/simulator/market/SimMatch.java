package io.marketstream.simulator.market;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One trade of a Coinbase product.
 *
 * @param symbol the product, like {@code BTC-USD}
 * @param id the trade's number; each product counts its own trades
 * @param makerOrderId the resting order
 * @param takerOrderId the incoming order; its fills share it
 * @param makerSide the side of the resting order
 * @param size decimal text, base currency
 * @param price decimal text, quote currency per unit of base currency
 * @param sequence the number of this event in the product's order book
 * @param time the engine's time, in whole microseconds
 */
public record SimMatch(
    String symbol,
    long id,
    UUID makerOrderId,
    UUID takerOrderId,
    Side makerSide,
    String size,
    String price,
    long sequence,
    Instant time)
    implements SimTick {

  /** The side of an order. */
  public enum Side {
    BUY("buy"),
    SELL("sell");

    private final String wireName;

    Side(String wireName) {
      this.wireName = wireName;
    }

    /** The name on the wire. */
    public String wireName() {
      return wireName;
    }

    /** The side of the other order of a trade. */
    public Side opposite() {
      return this == BUY ? SELL : BUY;
    }
  }

  public SimMatch {
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(price, "price");
    time = time.truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public String volume() {
    return size;
  }

  @Override
  public @Nullable List<String> conditions() {
    return null;
  }

  @Override
  public Long eventTimeMs() {
    return time.toEpochMilli();
  }

  @Override
  public Long tradeId() {
    return id;
  }
}
