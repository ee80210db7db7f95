package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
