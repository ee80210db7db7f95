package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedDelayTest {

  private final FeedDelay delay = new FeedDelay(new Random(7));

  @Test
  void theMedianIsOfTheTicksSinceItWasLastTaken() {
    assertThat(delay.takeMedian()).isNull();
    for (long ms : new long[] {90_000, 50, 40, -3_000, 60}) {
      delay.tick(1_000_000 - ms, 1_000_000);
    }
    assertThat(delay.takeMedian()).isEqualTo(50);
    assertThat(delay.takeMedian()).isNull();
    delay.tick(1_002_500, 1_000_000); // a clock that is behind
    assertThat(delay.takeMedian()).isEqualTo(-2_500);
  }

  @Test
  void aFeedWithoutTimesTellsOfNoDelay() {
    delay.tick(1_000_000, 1_000_000);
    assertThat(delay.takeMedian()).isNull();
  }

  @Test
  void ofManyTicksItIsNear() {
    for (int i = 1; i <= 100_000; i++) {
      delay.tick(-i, 0);
    }
    assertThat(delay.takeMedian()).isBetween(42_000L, 58_000L);
  }
}
