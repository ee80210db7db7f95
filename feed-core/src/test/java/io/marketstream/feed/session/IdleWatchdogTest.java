package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdleWatchdogTest {

  private final IdleWatchdog watchdog = new IdleWatchdog(Duration.ofNanos(100));

  @Test
  void theTimeoutRunsFromTheLastSignOfLife() {
    watchdog.touch(1_000);
    assertThat(watchdog.remaining(1_000)).isEqualTo(Duration.ofNanos(100));
    assertThat(watchdog.remaining(1_060)).isEqualTo(Duration.ofNanos(40));
    watchdog.touch(1_060);
    assertThat(watchdog.remaining(1_100)).isEqualTo(Duration.ofNanos(60));
    assertThat(watchdog.remaining(1_160)).isZero();
    assertThat(watchdog.remaining(1_161)).isNegative();
  }

  @Test
  void aMonotonicClockMayWrapAround() {
    watchdog.touch(Long.MAX_VALUE - 10);
    assertThat(watchdog.remaining(Long.MIN_VALUE + 29)).isEqualTo(Duration.ofNanos(60));
  }

  @Test
  void stallIsDetectedExactlyAfterTheTimeout() {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("IdleWatchdogTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      long now = random.nextLong(); // a monotonic clock starts anywhere
      long lastActivity = now;
      long nextActivity = now + random.nextInt(130);
      watchdog.touch(now);
      Duration remaining = watchdog.remaining(now);
      while (!remaining.isNegative() && !remaining.isZero()) {
        long look = now + remaining.toNanos(); // as the session schedules it
        while (nextActivity - look < 0) {
          assertThat(nextActivity - lastActivity).as("seed %d", seed).isLessThanOrEqualTo(100);
          watchdog.touch(nextActivity);
          lastActivity = nextActivity;
          nextActivity += random.nextInt(130);
        }
        now = look;
        remaining = watchdog.remaining(now);
      }
      assertThat(now - lastActivity).as("seed %d", seed).isEqualTo(100);
    }
  }
}
