package io.marketstream.api.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.api.market.Candle.Prices;
import io.marketstream.model.CandleInterval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandleRollupTest {
  private static final CandleInterval FIVE = CandleInterval.parse("5m");
  private static final long MINUTE = 60_000;

  @Test
  void openAndCloseAreFirstAndLast() {
    assertThat(
            CandleRollup.rollUp(
                List.of(
                    candle(0, "trade", "10", "12", "9", "11", "5", 2),
                    candle(4 * MINUTE, "trade", "11.5", "11.5", "8.50", "9", "1", 1)),
                FIVE))
        .singleElement()
        .satisfies(
            candle -> {
              assertThat(candle.openTime()).isZero();
              assertThat(candle.prices()).isEqualTo(prices("10", "12", "8.50", "9"));
              assertThat(candle.volume()).isEqualTo("6");
              assertThat(candle.trades()).isEqualTo(3);
            });
  }

  @Test
  void candlesBeginAtMultiplesOfTheInterval() {
    assertThat(
            CandleRollup.rollUp(
                List.of(
                    candle(4 * MINUTE, "trade", "1", "1", "1", "1", "1", 1),
                    candle(5 * MINUTE, "trade", "2", "2", "2", "2", "1", 1),
                    candle(14 * MINUTE, "trade", "3", "3", "3", "3", "1", 1)),
                FIVE))
        .extracting(Candle::openTime)
        .containsExactly(0L, 5 * MINUTE, 10 * MINUTE);
  }

  /** A pre-market minute must not open a day that has regular trades. */
  @Test
  void regularTradesComeBeforeExtendedOnes() {
    Candle rolled =
        CandleRollup.rollUp(
                List.of(
                    candle(0, "extended", "50", "99", "1", "60", "7", 1),
                    candle(MINUTE, "trade", "55", "56", "54", "55.5", "3", 1),
                    candle(2 * MINUTE, "price", "1", "1", "1", "1", "0", 0)),
                FIVE)
            .get(0);

    assertThat(rolled.kind()).isEqualTo("trade");
    assertThat(rolled.prices()).isEqualTo(prices("55", "56", "54", "55.5"));
    assertThat(rolled.volume()).as("of all").isEqualTo("10");
  }

  @Test
  void aCandleWithoutPricesSetsNone() {
    Candle rolled =
        CandleRollup.rollUp(
                List.of(
                    new Candle(0, null, new BigDecimal("4"), new BigDecimal("7"), 1, "trade"),
                    candle(MINUTE, "price", "8", "9", "7", "8.5", "0", 0)),
                FIVE)
            .get(0);

    assertThat(rolled.kind()).isEqualTo("price");
    assertThat(rolled.prices()).isEqualTo(prices("8", "9", "7", "8.5"));
    assertThat(rolled.vwap()).isEqualTo("7");
  }

  @Test
  void nothingButVolumeHasNoPrices() {
    Candle rolled =
        CandleRollup.rollUp(
                List.of(
                    new Candle(0, null, new BigDecimal("4"), new BigDecimal("7"), 1, "trade"),
                    new Candle(MINUTE, null, BigDecimal.ZERO, null, 0, "trade")),
                FIVE)
            .get(0);

    assertThat(rolled.prices()).isNull();
    assertThat(rolled.kind()).isEqualTo("trade");
  }

  /** In two steps or in one: the same. */
  @Test
  void rollingUpTwiceChangesNothing() {
    long seed = Long.getLong("marketstream.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Candle> minutes = new ArrayList<>();
    for (int minute = 0; minute < 3_000; minute++) {
      if (random.nextInt(4) > 0) {
        minutes.add(random(random, minute * MINUTE));
      }
    }
    CandleInterval hour = CandleInterval.parse("1h");

    List<Candle> once = CandleRollup.rollUp(minutes, hour);
    List<Candle> twice = CandleRollup.rollUp(CandleRollup.rollUp(minutes, FIVE), hour);

    assertThat(twice).hasSameSizeAs(once);
    for (int i = 0; i < once.size(); i++) {
      assertThat(rounded(twice.get(i))).isEqualTo(rounded(once.get(i)));
    }
  }

  private static Candle rounded(Candle candle) {
    BigDecimal vwap = candle.vwap();
    return new Candle(
        candle.openTime(),
        candle.prices(),
        candle.volume(),
        vwap == null ? null : vwap.round(new MathContext(30)).stripTrailingZeros(),
        candle.trades(),
        candle.kind());
  }

  private static Candle random(Random random, long openTime) {
    String kind = List.of("trade", "extended", "price").get(random.nextInt(3));
    BigDecimal price = BigDecimal.valueOf(random.nextInt(1, 10_000), 2);
    BigDecimal volume = BigDecimal.valueOf(random.nextInt(100));
    Prices prices =
        random.nextInt(5) == 0
            ? null
            : new Prices(price, price.add(BigDecimal.ONE), price.subtract(BigDecimal.ONE), price);
    return new Candle(
        openTime, prices, volume, volume.signum() == 0 ? null : price, random.nextInt(9), kind);
  }

  private static Prices prices(String open, String high, String low, String close) {
    return new Prices(
        new BigDecimal(open), new BigDecimal(high), new BigDecimal(low), new BigDecimal(close));
  }

  private static Candle candle(
      long openTime,
      String kind,
      String open,
      String high,
      String low,
      String close,
      String volume,
      long trades) {
    return new Candle(
        openTime,
        prices(open, high, low, close),
        new BigDecimal(volume),
        new BigDecimal(volume).signum() == 0 ? null : new BigDecimal(open),
        trades,
        kind);
  }
}
