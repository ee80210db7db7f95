package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.market.PriceWalk;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.LongPredicate;

/**
 * Makes the trades of one product, with rising ids. The series of prices, sizes, sides and order
 * ids depends only on the seed and the product. Not thread-safe.
 */
final class ProductTape {

  /** How many resting orders one incoming order meets at most. */
  static final int MAX_FILLS = 5;

  private static final int SIZE_SCALE = 8;
  private static final int SEQUENCE_STEP_OF_FILLS = 2;
  private static final int MAX_SEQUENCE_JUMP = 400;

  private final CoinbaseProduct product;
  private final PriceWalk walk;
  private final LongPredicate isAbsent;
  private final SplittableRandom random;

  /** A second source, for numbers that also depend on the time, so that the series does not. */
  private final SplittableRandom further;

  private long nextId;
  private long sequence;
  private Instant newestTime = Instant.EPOCH;

  /**
   * @param isAbsent the trade ids that the venue leaves out
   */
  ProductTape(CoinbaseProduct product, long seed, LongPredicate isAbsent) {
    this.product = product;
    this.isAbsent = isAbsent;
    walk = new PriceWalk(product.instrument(), seed);
    random = new SplittableRandom(seed * 37 + product.id().hashCode());
    further = new SplittableRandom(seed ^ product.id().hashCode());
    nextId = product.firstTradeId();
    sequence = product.firstSequence();
  }

  /** The number of the newest order book event. It grows with each call, also without trades. */
  long passingSequence() {
    sequence += 1 + further.nextInt(MAX_SEQUENCE_JUMP);
    return sequence;
  }

  /**
   * One incoming order and its fills: the taker order and the time are the same, and the price
   * moves against the taker.
   *
   * @param time the engine's time; a time before the newest trade is replaced by that of the trade
   */
  List<SimMatch> takerOrder(Instant time) {
    return takerOrder(time, random.nextInt(100) < 80 ? 1 : 2 + random.nextInt(MAX_FILLS - 1));
  }

  /** One incoming order with this many fills. */
  List<SimMatch> takerOrder(Instant time, int fills) {
    UUID taker = orderId();
    Side makerSide = random.nextBoolean() ? Side.BUY : Side.SELL;
    BigDecimal step = BigDecimal.ONE.movePointLeft(product.priceScale());
    BigDecimal price = new BigDecimal(walk.nextPrice());
    List<SimMatch> matches = new ArrayList<>(fills);
    passingSequence();
    for (int i = 0; i < fills; i++) {
      if (i > 0) {
        BigDecimal move = step.multiply(BigDecimal.valueOf(random.nextInt(150)));
        price = makerSide == Side.SELL ? price.add(move) : price.subtract(move).max(step);
      }
      matches.add(trade(taker, makerSide, text(price), text(size()), time));
      sequence += SEQUENCE_STEP_OF_FILLS;
    }
    return matches;
  }

  /** One trade with this price and size, written verbatim. */
  SimMatch trade(Side makerSide, String price, String size, Instant time) {
    passingSequence();
    return trade(orderId(), makerSide, price, size, time);
  }

  private SimMatch trade(UUID taker, Side makerSide, String price, String size, Instant time) {
    while (isAbsent.test(nextId)) {
      nextId++;
    }
    if (time.isAfter(newestTime)) {
      newestTime = time;
    }
    return new SimMatch(
        product.id(), nextId++, orderId(), taker, makerSide, size, price, sequence, newestTime);
  }

  private BigDecimal size() {
    // Most trades are tiny, few are large, and some are round.
    double dollars = Math.pow(10, random.nextDouble() * 5 - 1);
    double size = dollars / product.price();
    int scale = random.nextInt(10) == 0 ? 1 : SIZE_SCALE;
    BigDecimal smallest = BigDecimal.ONE.movePointLeft(scale);
    return BigDecimal.valueOf(size).setScale(scale, RoundingMode.HALF_UP).max(smallest);
  }

  private static String text(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }

  /** A random UUID of version 4. */
  private UUID orderId() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new UUID(high, low);
  }
}
