package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgeHistogramTest {
  private final AgeHistogram ages = new AgeHistogram();

  @Test
  void agesBelow64MsAreExact() {
    for (int age = 0; age < 64; age++) {
      ages.add(age);
    }

    for (int age = 0; age < 64; age++) {
      assertThat(ages.quantile((age + 1) / 64.0)).isEqualTo(age);
    }
  }

  @Test
  void aPercentileIsNeverTooLowAndAtMostOne32ndTooHigh() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      AgeHistogram histogram = new AgeHistogram();
      long[] sorted = new long[1 + random.nextInt(300)];
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = random.nextLong() >>> (2 + random.nextInt(62));
        histogram.add(sorted[i]);
      }
      Arrays.sort(sorted);
      for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
        long exact = sorted[(int) Math.ceil(share * sorted.length) - 1];
        assertThat(histogram.quantile(share))
            .isBetween(exact, exact + exact / 32)
            .isLessThanOrEqualTo(histogram.max());
      }
      assertThat(histogram.max()).isEqualTo(sorted[sorted.length - 1]);
    }
  }

  @Test
  void everyAgeIsAccepted() {
    ages.add(Long.MIN_VALUE);
    ages.add(-1);
    ages.add(Long.MAX_VALUE);

    assertThat(ages.quantile(0.5)).isZero();
    assertThat(ages.quantile(0.99)).isEqualTo(Long.MAX_VALUE);
    assertThat(ages.max()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void withoutTicksItIsEmptyAndZero() {
    assertThat(ages.isEmpty()).isTrue();
    assertThat(ages.quantile(0.99)).isZero();
    assertThat(ages.max()).isZero();
  }

  @Test
  void theSumOfTasksIsWhatOneTaskWouldHaveCounted() {
    AgeHistogram one = new AgeHistogram();
    AgeHistogram[] tasks = {new AgeHistogram(), new AgeHistogram(), new AgeHistogram()};
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      long age = random.nextLong() >>> (1 + random.nextInt(63));
      one.add(age);
      tasks[random.nextInt(tasks.length)].add(age);
    }

    for (AgeHistogram task : tasks) {
      ages.add(task);
    }

    for (double share = 0.01; share <= 1; share += 0.01) {
      assertThat(ages.quantile(share)).isEqualTo(one.quantile(share));
    }
    assertThat(ages.max()).isEqualTo(one.max());
  }

  @Test
  void theSerializedSizeIsLimited() throws IOException {
    for (int i = 0; i < 1_000_000; i++) {
      ages.add(150 + i % 100);
    }
    assertThat(serialized(ages)).isLessThan(1024);

    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      ages.add(random.nextLong() >>> (1 + random.nextInt(63)));
    }
    assertThat(serialized(ages)).isLessThan(16 * 1024);
  }

  private static int serialized(AgeHistogram histogram) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(histogram);
    }
    return bytes.size();
  }
}
