package io.marketstream.feed.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTimeTest {

  private static final long NOW = Instant.parse("2026-11-22T10:00:00Z").toEpochMilli();
  private static final long DAY = Duration.ofDays(1).toMillis();

  @Test
  void theBoundsThemselvesArePlausible() {
    assertThat(EventTime.isPlausible(Instant.parse("1990-01-01T00:00:00Z").toEpochMilli(), NOW))
        .isTrue();
    assertThat(EventTime.isPlausible(NOW + DAY, NOW)).isTrue();
  }

  @Test
  void aMillisecondBeyondTheBoundsIsImplausible() {
    assertThat(EventTime.isPlausible(Instant.parse("1989-12-31T23:59:59.999Z").toEpochMilli(), NOW))
        .isFalse();
    assertThat(EventTime.isPlausible(NOW + DAY + 1, NOW)).isFalse();
    assertThat(EventTime.isPlausible(-1, NOW)).isFalse();
    assertThat(EventTime.isPlausible(999_999_999_999_999_999L, NOW)).isFalse();
  }
}
