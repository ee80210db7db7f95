package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatScheduleTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private long now = 5_000_000_000L;

  @Test
  void heartbeatsAreDueAtTheStartAtEachSessionAndRegularly() {
    HeartbeatSchedule heartbeats = new HeartbeatSchedule(Duration.ofSeconds(10), () -> now);
    assertThat(heartbeats.isDue(0)).isTrue();
    heartbeats.sent(0);
    assertThat(heartbeats.isDue(0)).isFalse();
    assertThat(heartbeats.isDue(7)).isTrue();
    heartbeats.sent(7);
    now += Duration.ofMillis(9_400).toNanos();
    assertThat(heartbeats.isDue(7)).isFalse();
    assertThat(heartbeats.limit(SECOND)).isEqualTo(Duration.ofMillis(600));
    now += Duration.ofMillis(600).toNanos();
    assertThat(heartbeats.isDue(7)).isTrue();
    assertThat(heartbeats.limit(SECOND)).isZero();
  }

  @Test
  void zeroMeansNoHeartbeats() {
    HeartbeatSchedule none = new HeartbeatSchedule(Duration.ZERO, () -> now);
    assertThat(none.isDue(1)).isFalse();
    assertThat(none.limit(SECOND)).isEqualTo(SECOND);
  }
}
