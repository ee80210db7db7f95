package io.marketstream.simulator.market;

import io.marketstream.simulator.market.Instrument.Kind;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The random prices and volumes of one instrument. The series depends only on the seed and the
 * symbol. Not thread-safe.
 */
public final class PriceWalk {

  private static final double STEP = 1.2e-4;
  private static final double PULL = 5e-5;
  private static final long SUB_PENNY = 100;

  /** Each combination of condition codes occurs as often as it is listed here. */
  private static final List<List<String>> STOCK_CONDITIONS =
      List.of(
          List.of("1"),
          List.of("1"),
          List.of("1"),
          List.of("1", "12"),
          List.of("1", "12"),
          List.of("1", "12"),
          List.of("1", "8"),
          List.of("1", "8"),
          List.of("1", "8", "12"),
          List.of("1", "8", "24", "12"),
          List.of("1", "24", "12"),
          List.of("1", "24"),
          List.of("12", "1"),
          List.of("1", "22"),
          List.of("3"),
          List.of("10"));

  private final Instrument instrument;
  private final SplittableRandom random;
  private final int scale;
  private final int extraDigits;
  private final long start;
  private long unscaled;

  public PriceWalk(Instrument instrument, long seed) {
    this.instrument = instrument;
    this.random = new SplittableRandom(seed * 31 + instrument.symbol().hashCode());
    this.scale = scaleOf(instrument);
    this.extraDigits = instrument.kind() == Kind.COIN ? 8 + random.nextInt(5) : 0;
    this.start = Math.max(1, Math.round(instrument.price() * DecimalText.powerOfTen(scale)));
    this.unscaled = start;
  }

  /** The next price. A coin's always differs from the one before it. */
  public String nextPrice() {
    double shock = random.nextDouble() + random.nextDouble() - 1;
    double move = unscaled * STEP * shock + (start - unscaled) * PULL;
    long step = Math.round(move);
    if (step == 0) {
      step = random.nextBoolean() ? 1 : -1;
    }
    unscaled = Math.max(1, unscaled + step);
    return switch (instrument.kind()) {
      case STOCK -> DecimalText.shortest(inCents(), scale);
      case CRYPTO_PAIR, FOREX -> DecimalText.shortest(unscaled, scale);
      case COIN -> DecimalText.fixed(unscaled, scale) + randomDigits(extraDigits);
    };
  }

  /** The next volume; {@code 0} is an update without a trade. */
  public String nextVolume() {
    return switch (instrument.kind()) {
      case STOCK -> nextShares();
      case CRYPTO_PAIR ->
          random.nextInt(200) == 0
              ? "0"
              : DecimalText.shortest(
                  1 + random.nextLong(fractionsOf(2_000 / instrument.price())), 5);
      case FOREX, COIN -> "0";
    };
  }

  /** The next trade's condition codes in wire order; null where the feed sends none. */
  public @Nullable List<String> nextConditions() {
    return instrument.kind() == Kind.STOCK
        ? STOCK_CONDITIONS.get(random.nextInt(STOCK_CONDITIONS.size()))
        : null;
  }

  private long inCents() {
    // One trade in twelve has a price between two cents, for example a midpoint.
    return random.nextInt(12) == 0
        ? unscaled
        : Math.max(SUB_PENNY, (unscaled + SUB_PENNY / 2) / SUB_PENNY * SUB_PENNY);
  }

  private String nextShares() {
    int die = random.nextInt(100);
    if (die < 2) {
      return "0";
    }
    return die < 65
        ? Integer.toString(1 + random.nextInt(99))
        : Integer.toString(100 * (1 + random.nextInt(die < 97 ? 5 : 80)));
  }

  private String randomDigits(int count) {
    String digits = Long.toString(random.nextLong(DecimalText.powerOfTen(count)));
    return "0".repeat(count - digits.length()) + digits;
  }

  private static long fractionsOf(double amount) {
    return (long) Math.min(1e12, Math.max(1, amount * 1e5));
  }

  private static int scaleOf(Instrument instrument) {
    if (instrument.kind() == Kind.STOCK) {
      return 4;
    }
    if (instrument.kind() == Kind.FOREX) {
      return 5;
    }
    if (instrument.price() < 0.001) {
      return instrument.kind() == Kind.COIN ? 12 : 8;
    }
    if (instrument.kind() == Kind.COIN) {
      return 8;
    }
    return instrument.price() < 10 ? 5 : 2;
  }
}
