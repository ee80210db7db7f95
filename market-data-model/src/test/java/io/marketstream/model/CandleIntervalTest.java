package io.marketstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandleIntervalTest {
  @ParameterizedTest
  @CsvSource({
    "1s,  2026-11-23T23:59:59.999Z, 2026-11-23T23:59:59Z",
    "1m,  2026-11-23T00:00:00Z,     2026-11-23T00:00:00Z",
    "5m,  2026-11-23T00:04:59.999Z, 2026-11-23T00:00:00Z",
    "8h,  2026-11-23T17:00:00Z,     2026-11-23T16:00:00Z",
    "1d,  2026-11-23T23:59:59.999Z, 2026-11-23T00:00:00Z",
    "1h,  1969-12-31T23:59:59.999Z, 1969-12-31T23:00:00Z"
  })
  void candlesAreAlignedToUtcMidnight(String interval, Instant event, Instant openTime) {
    assertThat(CandleInterval.parse(interval).openTime(event.toEpochMilli()))
        .isEqualTo(openTime.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(strings = {"7m", "5h", "2d", "100000s", "25h", "999999d"})
  void anIntervalThatDoesNotDivideADayIsRefused(String interval) {
    assertThatThrownBy(() -> CandleInterval.parse(interval))
        .hasMessageContaining("'" + interval + "' is not a candle interval");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "0m", "01m", "-1m", "1", "1w", "1 m", "1.5m"})
  void anInvalidIntervalIsRefused(String interval) {
    assertThatThrownBy(() -> CandleInterval.parse(interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a candle interval");
  }
}
