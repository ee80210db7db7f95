package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private long now = 5_000_000_000L;

  @Test
  void theyAreDueAtTheStartAtEachSessionAndAtASteadyPace() {
    Heartbeats heartbeats = new Heartbeats(Duration.ofSeconds(10), () -> now);
    assertThat(heartbeats.isDue(0)).isTrue();
    heartbeats.sent(0);
    assertThat(heartbeats.isDue(0)).isFalse();
    assertThat(heartbeats.isDue(7)).isTrue();
    heartbeats.sent(7);
    now += Duration.ofMillis(9_400).toNanos();
    assertThat(heartbeats.isDue(7)).isFalse();
    assertThat(heartbeats.atMost(SECOND)).isEqualTo(Duration.ofMillis(600));
    now += Duration.ofMillis(600).toNanos();
    assertThat(heartbeats.isDue(7)).isTrue();
    assertThat(heartbeats.atMost(SECOND)).isZero();
  }

  @Test
  void zeroIsNone() {
    Heartbeats none = new Heartbeats(Duration.ZERO, () -> now);
    assertThat(none.isDue(1)).isFalse();
    assertThat(none.atMost(SECOND)).isEqualTo(SECOND);
  }
}
