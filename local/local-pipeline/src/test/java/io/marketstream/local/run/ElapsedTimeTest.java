package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ElapsedTimeTest {
  @Test
  void itShowsTenthsOfSecondsAndFromAMinuteOnMinutes() {
    assertThat(ElapsedTime.format(Duration.ofMillis(14_230))).isEqualTo("14.2 s");
    assertThat(ElapsedTime.format(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
  }
}
