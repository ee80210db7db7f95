package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FeedDelayAlarmTest {

  private final FeedDelayAlarm alarm = new FeedDelayAlarm(Duration.ofSeconds(60));

  @Test
  void aLateFeedIsWarnedOfOncePerEpisode() {
    assertThat(alarm.judge(60_000)).as("not above the limit").isNull();
    assertThat(alarm.judge(60_001).begins()).isTrue();
    assertThat(alarm.judge(95_000)).isNull();
    FeedDelayAlarm.Notice over = alarm.judge(100);
    assertThat(over.begins()).isFalse();
    assertThat(over.message()).contains("normal again", "100 ms");
    assertThat(alarm.judge(90)).isNull();
    assertThat(alarm.judge(900_000).message())
        .contains("900000 ms after its event time", "feed.delay.warn.ms=60000", "clock is ahead");
  }

  @Test
  void aClockThatIsBehindIsAnEpisodeOfItsOwn() {
    assertThat(alarm.judge(-2_000)).as("not below the limit").isNull();
    FeedDelayAlarm.Notice behind = alarm.judge(-2_001);
    assertThat(behind.begins()).isTrue();
    assertThat(behind.message()).contains("2001 ms before its event time", "clock is behind");
    assertThat(alarm.judge(-5_000)).isNull();
    assertThat(alarm.judge(70_000).begins()).as("late now").isTrue();
  }

  @Test
  void zeroSwitchesEveryWarningOff() {
    FeedDelayAlarm off = new FeedDelayAlarm(Duration.ZERO);
    assertThat(off.judge(900_000)).isNull();
    assertThat(off.judge(-900_000)).isNull();
  }
}
