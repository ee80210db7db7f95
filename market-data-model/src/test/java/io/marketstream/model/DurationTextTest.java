package io.marketstream.model;

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
    assertThat(DurationText.parsePositive(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "60", "s", "-5s", "1.5s", "5 s", "5S", "99999999999s", "٥s"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a duration")
        .hasMessageContaining("60s");
  }

  @Test
  void zeroIsADurationButNotAPositiveOne() {
    assertThat(DurationText.parse("0s")).isZero();
    assertThatThrownBy(() -> DurationText.parsePositive("0s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'0s' is not a duration");
  }
}
