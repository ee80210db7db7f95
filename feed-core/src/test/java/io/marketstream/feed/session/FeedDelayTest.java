package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.session.FeedDelay.Distribution;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedDelayTest {

  private final FeedDelay delay = new FeedDelay(new Random(7));

  @Test
  void theDistributionHasTheTicksSinceTheLastRead() {
    assertThat(delay.take()).isNull();
    for (long ms : new long[] {90_000, 50, 40, -3_000, 60}) {
      delay.tick(1_000_000 - ms, 1_000_000);
    }
    assertThat(delay.take()).isEqualTo(new Distribution(50, 90_000, 90_000));
    assertThat(delay.take()).isNull();
    delay.tick(1_002_500, 1_000_000); // a clock that is behind
    assertThat(delay.take()).isEqualTo(new Distribution(-2_500, -2_500, -2_500));
  }

  @Test
  void percentilesAreThoseOfTheNearestRank() {
    for (int ms = 1; ms <= 1_000; ms++) {
      delay.tick(-ms, 0);
    }
    assertThat(delay.take()).isEqualTo(new Distribution(500, 990, 1_000));
  }

  @Test
  void aFeedWithoutTimesHasNoDelay() {
    delay.tick(1_000_000, 1_000_000);
    assertThat(delay.take()).isNull();
  }

  @Test
  void samplePercentilesAreCloseAndMaximumExact() {
    delay.tick(-1_000_000, 0);
    for (int i = 1; i <= 100_000; i++) {
      delay.tick(-i, 0);
    }
    Distribution taken = delay.take();
    assertThat(taken.p50()).isBetween(42_000L, 58_000L);
    assertThat(taken.p99()).isBetween(96_000L, 100_000L);
    assertThat(taken.max()).isEqualTo(1_000_000);
  }
}
