package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MAX = Duration.ofMinutes(1);
  private static final Duration STABLE = Duration.ofSeconds(30);

  /** A random generator that always returns the greatest possible number. */
  private static final class Greatest extends Random {
    private static final long serialVersionUID = 1L;

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }

  @Test
  void theLimitDoublesUpToTheMaximum() {
    Backoff backoff = new Backoff(FIRST, MAX, STABLE, new Greatest());
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      waits.add(backoff.next().toMillis());
    }
    assertThat(waits)
        .containsExactly(
            1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L, 60_000L);
  }

  @Test
  void onlyAStableConnectionResetsIt() {
    Backoff backoff = new Backoff(FIRST, MAX, STABLE, new Greatest());
    backoff.next();
    backoff.next();
    backoff.connectionEnded(STABLE.minusNanos(1));
    assertThat(backoff.next()).isEqualTo(FIRST.multipliedBy(4));
    backoff.connectionEnded(Duration.ZERO);
    assertThat(backoff.next()).isEqualTo(FIRST.multipliedBy(8));
    backoff.connectionEnded(STABLE);
    assertThat(backoff.next()).isEqualTo(FIRST);
    assertThat(backoff.next()).isEqualTo(FIRST.multipliedBy(2));
  }

  @Test
  void everyWaitIsWithinItsLimit() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("BackoffTest.everyWaitIsWithinItsLimit seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      long first = 1L + random.nextInt(5_000);
      long max = first + random.nextInt(100_000);
      Backoff backoff =
          new Backoff(Duration.ofMillis(first), Duration.ofMillis(max), STABLE, random);
      int failures = 0;
      for (int attempt = 0; attempt < 50; attempt++) {
        double limit = Math.min((double) max, first * Math.pow(2, failures));
        assertThat(backoff.next().toMillis())
            .as("seed %d, round %d, attempt %d", seed, round, attempt)
            .isBetween(0L, (long) limit);
        failures++;
        long delivered = random.nextInt(40_000);
        backoff.connectionEnded(Duration.ofMillis(delivered));
        if (delivered >= STABLE.toMillis()) {
          failures = 0;
        }
      }
    }
  }

  @Test
  void theJitterIsFull() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("BackoffTest.theJitterIsFull seed " + seed);
    Random random = new Random(seed);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      waits.add(new Backoff(FIRST, MAX, STABLE, random).next().toMillis());
    }
    assertThat(waits).as("seed %d", seed).allMatch(wait -> wait >= 0 && wait <= 1_000);
    assertThat(waits).as("seed %d", seed).anyMatch(wait -> wait < 50);
    assertThat(waits).as("seed %d", seed).anyMatch(wait -> wait > 950);
  }
}
