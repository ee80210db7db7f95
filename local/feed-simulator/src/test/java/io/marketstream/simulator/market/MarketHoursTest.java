package io.marketstream.simulator.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.simulator.market.MarketHours.Session;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarketHoursTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-27T08:59:59Z, CLOSED",
    "2026-11-27T09:00:00Z, PRE_MARKET",
    "2026-11-27T14:29:59Z, PRE_MARKET",
    "2026-11-27T14:30:00Z, REGULAR",
    "2026-11-27T20:59:59Z, REGULAR",
    "2026-11-27T21:00:00Z, AFTER_HOURS",
    "2026-11-28T01:00:00Z, CLOSED",
    "2026-11-28T15:00:00Z, CLOSED",
    "2026-07-01T13:30:00Z, REGULAR",
  })
  void newYorksDayFollowsItsClock(Instant time, Session expected) {
    assertThat(MarketHours.newYork().at(time.toEpochMilli())).isEqualTo(expected);
  }

  @Test
  void aShortDayHasEverySessionOnceAndIsNeverClosed() {
    MarketHours hours = MarketHours.everyDayLasting(Duration.ofSeconds(100));
    assertThat(hours.at(0)).isEqualTo(Session.PRE_MARKET);
    assertThat(hours.at(24_999)).isEqualTo(Session.PRE_MARKET);
    assertThat(hours.at(25_000)).isEqualTo(Session.REGULAR);
    assertThat(hours.at(84_999)).isEqualTo(Session.REGULAR);
    assertThat(hours.at(85_000)).isEqualTo(Session.AFTER_HOURS);
    assertThat(hours.at(100_000)).isEqualTo(Session.PRE_MARKET);
  }
}
