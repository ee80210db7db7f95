package io.marketstream.local.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
  private final LatencyRecorder recorder = new LatencyRecorder();

  @Test
  void recentForgetsWhatIsOlderThanTenSecondsAndTheWholeRunDoesNot() {
    recorder.add(9_000);
    for (int second = 0; second < 10; second++) {
      recorder.endOfSecond();
      recorder.add(100);
    }

    assertThat(recorder.recent()).contains(new LatencyRecorder.Quantiles(100, 100, 100));
    assertThat(recorder.whole().orElseThrow().max()).isBetween(9_000L, 9_010L);
  }

  @Test
  void withoutATickThereIsNoLatency() {
    assertThat(recorder.whole()).isEmpty();
    assertThat(recorder.recent()).isEmpty();
  }

  @Test
  void aClockThatWentBackCountsAsZero() {
    recorder.add(-5);

    assertThat(recorder.whole()).contains(new LatencyRecorder.Quantiles(0, 0, 0));
  }
}
