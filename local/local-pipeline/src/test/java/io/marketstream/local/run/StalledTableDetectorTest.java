package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class StalledTableDetectorTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private final StalledTableDetector detector = new StalledTableDetector();

  @Test
  void aStalledTableIsReported() {
    assertThat(detector.check(NOW, 5, true)).isEmpty();
    assertThat(detector.check(NOW.plusSeconds(9), 5, true)).isEmpty();
    assertThat(detector.check(NOW.plusSeconds(12), 5, true))
        .get()
        .asString()
        .contains("no new row in Cassandra for 12 s");
    assertThat(detector.check(NOW.plusSeconds(13), 6, true)).isEmpty();
    assertThat(detector.check(NOW.plusSeconds(22), 6, true)).isEmpty();
  }

  @Test
  void aQuietLiveFeedIsNotReported() {
    assertThat(detector.check(NOW, 5, false)).isEmpty();
    assertThat(detector.check(NOW.plusSeconds(600), 5, false)).isEmpty();
    assertThat(detector.check(NOW.plusSeconds(601), 5, true)).isEmpty();
  }
}
