package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class StalledTableDetectorTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private final StalledTableDetector watch = new StalledTableDetector();

  @Test
  void aTableThatStandsStillIsTold() {
    assertThat(watch.look(NOW, 5, true)).isEmpty();
    assertThat(watch.look(NOW.plusSeconds(9), 5, true)).isEmpty();
    assertThat(watch.look(NOW.plusSeconds(12), 5, true))
        .get()
        .asString()
        .contains("no new row in Cassandra for 12 s");
    assertThat(watch.look(NOW.plusSeconds(13), 6, true)).isEmpty();
    assertThat(watch.look(NOW.plusSeconds(22), 6, true)).isEmpty();
  }

  @Test
  void aQuietLiveFeedIsNoFault() {
    assertThat(watch.look(NOW, 5, false)).isEmpty();
    assertThat(watch.look(NOW.plusSeconds(600), 5, false)).isEmpty();
    assertThat(watch.look(NOW.plusSeconds(601), 5, true)).isEmpty();
  }
}
