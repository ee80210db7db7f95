package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandstillTest {

  private static final long START = Long.MAX_VALUE - 5_000_000_000L; // a monotonic clock may wrap

  private static final Duration SETTLING = Duration.ofSeconds(25);

  private final Standstill standstill = new Standstill(Duration.ofSeconds(38), SETTLING, START);

  private static long at(long seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void aProcessThatRunsOrStandsShortlyNeedNotWait() {
    for (long second = 1; second <= 100; second++) {
      standstill.running(at(second));
    }
    standstill.running(at(137));
    assertThat(standstill.holdOff(at(137))).isZero();
  }

  @Test
  void afterALongStandstillTheFeedIsLeftAloneUntilTheWorkersHaveMet() {
    standstill.running(at(1));
    standstill.running(at(91));
    assertThat(standstill.holdOff(at(91))).isEqualTo(SETTLING);
    standstill.running(at(92));
    assertThat(standstill.holdOff(at(101))).isEqualTo(SETTLING.minusSeconds(10));
    assertThat(standstill.holdOff(at(117))).isZero();
    assertThat(standstill.holdOff(at(118))).isZero();
  }

  @Test
  void aSecondStandstillBeginsTheWaitAnew() {
    standstill.running(at(91));
    standstill.running(at(200));
    assertThat(standstill.holdOff(at(201))).isEqualTo(SETTLING.minusSeconds(1));
  }
}
