package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.model.TickKind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedDelayMonitorTest {

  private static final long NOW = 1_700_000_000_000L;

  private final FeedDelayMonitor monitor =
      new FeedDelayMonitor(
          "toy", new FeedMetrics(System::nanoTime), Duration.ofMinutes(1), new Random(1));

  private static FeedEvent tick(long delay, boolean snapshot) {
    return new FeedEvent.Tick(TickKind.PRICE, "A", "1", null, null, NOW - delay, null, snapshot);
  }

  @Test
  void oldTickAtTheBeginningOfASubscriptionIsNotDelayed() {
    monitor.ticks(List.of(tick(600_000, true)), NOW);
    assertThat(monitor.takeMedian()).isNull();
    monitor.ticks(List.of(tick(600_000, true), tick(600_000, true), tick(20, false)), NOW);
    assertThat(monitor.takeMedian()).isEqualTo(20);
  }
}
