package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessPauseDetectorTest {

  private static final long START = Long.MAX_VALUE - 5_000_000_000L; // a monotonic clock may wrap

  private static final Duration SETTLING = Duration.ofSeconds(25);

  private final ProcessPauseDetector detector =
      new ProcessPauseDetector(Duration.ofSeconds(38), SETTLING, START);

  private static long at(long seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void shortPauseNeedsNoBackoff() {
    for (long second = 1; second <= 100; second++) {
      detector.check(at(second));
    }
    detector.check(at(137));
    assertThat(detector.remainingBackoff(at(137))).isZero();
  }

  @Test
  void longPauseStartsTheBackoff() {
    detector.check(at(1));
    detector.check(at(91));
    assertThat(detector.remainingBackoff(at(91))).isEqualTo(SETTLING);
    detector.check(at(92));
    assertThat(detector.remainingBackoff(at(101))).isEqualTo(SETTLING.minusSeconds(10));
    assertThat(detector.remainingBackoff(at(117))).isZero();
    assertThat(detector.remainingBackoff(at(118))).isZero();
  }

  @Test
  void secondPauseRestartsTheBackoff() {
    detector.check(at(91));
    detector.check(at(200));
    assertThat(detector.remainingBackoff(at(201))).isEqualTo(SETTLING.minusSeconds(1));
  }
}
