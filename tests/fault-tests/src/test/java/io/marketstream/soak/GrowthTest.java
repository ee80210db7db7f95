package io.marketstream.soak;

import static io.marketstream.soak.Growth.Measure.MEDIAN;
import static io.marketstream.soak.Growth.Measure.PEAK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final Duration WARM_UP = Duration.ofMinutes(10);
  private static final Allowance TENTH = new Allowance(0.1, 0);

  private final Random random = new Random(SEED);

  @Test
  void onePercentPerMinuteIsNotFlat() {
    assertThat(growth(minute -> 100 + minute).isWithin(TENTH)).isFalse();
  }

  @Test
  void aLeakIsFoundUnderNoiseOfATenth() {
    for (int round = 0; round < 200; round++) {
      assertThat(growth(minute -> (100 + 2 * minute) * noise(0.1)).isWithin(TENTH))
          .as("seed %d, round %d", SEED, round)
          .isFalse();
    }
  }

  @Test
  void noiseAroundALevelIsFlat() {
    for (int round = 0; round < 200; round++) {
      assertThat(growth(minute -> 100 * noise(0.05)).isWithin(TENTH))
          .as("seed %d, round %d", SEED, round)
          .isTrue();
    }
  }

  /** A period is as long as a third, so the medians differ by half and more. */
  @Test
  void aSawtoothIsFlatByItsPeaks() {
    for (int phase = 0; phase < 6; phase++) {
      int moved = phase;
      assertThat(growth(minute -> 10 + 90 * ((minute + moved) % 6) / 6, PEAK).isWithin(TENTH))
          .as("moved by %d minutes", phase)
          .isTrue();
    }
  }

  @Test
  void aSawtoothOnALeakIsNotFlat() {
    assertThat(growth(minute -> 100 + 90 * (minute % 6) / 6 + 3 * minute, PEAK).isWithin(TENTH))
        .isFalse();
  }

  @Test
  void growthDuringTheWarmUpIsFlat() {
    assertThat(growth(minute -> Math.min(minute, 9)).isWithin(TENTH)).isTrue();
  }

  @Test
  void onePeakAtTheEndIsFlat() {
    assertThat(growth(minute -> minute > 29 ? 1_000 : 100).isWithin(TENTH)).isTrue();
  }

  @Test
  void shrinkingIsFlat() {
    assertThat(growth(minute -> 100 - minute).isWithin(TENTH)).isTrue();
  }

  @Test
  void aSmallNumberMayGrowByTheSlack() {
    Growth threeThreads = growth(minute -> minute < 20 ? 10 : 13);

    assertThat(threeThreads.isWithin(new Allowance(0.05, 5))).isTrue();
    assertThat(threeThreads.isWithin(new Allowance(0.05, 2))).isFalse();
  }

  @Test
  void aPeakDoesNotChangeTheSlope() {
    Growth growth = growth(minute -> minute == 15 ? 5_000 : 100 + minute);

    assertThat(growth.perHour()).isCloseTo(60, within(0.1));
    assertThat(growth.most()).isEqualTo(5_000);
    assertThat(growth.least()).isEqualTo(110);
  }

  @Test
  void theWarmUpAloneHasNoVerdict() {
    List<Reading> early = List.of(new Reading(Duration.ofMinutes(1), 1));

    assertThatThrownBy(() -> Growth.of(early, WARM_UP, MEDIAN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Half an hour with two readings per minute. */
  private static Growth growth(DoubleUnaryOperator valueAtMinute) {
    return growth(valueAtMinute, MEDIAN);
  }

  private static Growth growth(DoubleUnaryOperator valueAtMinute, Growth.Measure measure) {
    List<Reading> readings =
        IntStream.rangeClosed(0, 60)
            .mapToObj(
                i -> new Reading(Duration.ofSeconds(30L * i), valueAtMinute.applyAsDouble(i / 2.0)))
            .toList();
    return Growth.of(readings, WARM_UP, measure);
  }

  private double noise(double share) {
    return 1 + share * (2 * random.nextDouble() - 1);
  }
}
