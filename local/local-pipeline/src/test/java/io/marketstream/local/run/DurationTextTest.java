package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "60s,PT1M", "5m,PT5M", "2h,PT2H", "1d,PT24H", "' 7s ',PT7S"})
  void aNumberAndItsUnitIsADuration(String text, Duration expected) {
    assertThat(DurationText.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "60", "s", "-5s", "1.5s", "5 s", "0s", "5S", "99999999999s"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("60s");
  }

  @Test
  void progressShowsTenthsOfSecondsAndFromAMinuteOnMinutes() {
    assertThat(DurationText.format(Duration.ofMillis(14_230))).isEqualTo("14.2 s");
    assertThat(DurationText.format(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
  }
}
