package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeferredFailureTest {

  private Duration now = Duration.ofHours(7);

  private DeferredFailure failure(Map<String, String> properties) {
    return new DeferredFailure(properties, () -> now.toNanos());
  }

  @Test
  void withNothingInFlightItIsThrownAtOnce() {
    assertThat(failure(Map.of()).isDue(false)).isTrue();
  }

  @Test
  void itWaitsForTheRecordsBeforeIt() {
    DeferredFailure failure = failure(Map.of());
    assertThat(failure.isDue(true)).isFalse();
    now = now.plusSeconds(59);
    assertThat(failure.isDue(true)).isFalse();
    assertThat(failure.isDue(false)).isTrue();
  }

  @Test
  void itWaitsNoLongerThanAnIntervalAndTheTimeToCommit() {
    DeferredFailure failure = failure(Map.of());
    assertThat(failure.isDue(true)).isFalse();
    now = now.plusSeconds(90);
    assertThat(failure.isDue(true)).isTrue();

    DeferredFailure longer = failure(Map.of(DeferredFailure.INTERVAL_MS, "300000"));
    assertThat(longer.isDue(true)).isFalse();
    now = now.plusSeconds(329);
    assertThat(longer.isDue(true)).isFalse();
    now = now.plusSeconds(1);
    assertThat(longer.isDue(true)).isTrue();
  }
}
