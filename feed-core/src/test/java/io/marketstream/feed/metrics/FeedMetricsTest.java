package io.marketstream.feed.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.GapCause;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class FeedMetricsTest {

  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
  private final FeedMetrics metrics = new FeedMetrics(nanos::get);

  private long value(String name) {
    return all().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }

  private List<FeedMetric> all() {
    return metrics.all(() -> 7, () -> 3, 100, () -> 9, 2);
  }

  private void pass(long millis) {
    nanos.addAndGet(millis * 1_000_000);
  }

  @Test
  void gapTimeGrowsOnlyWhileAGapIsOpen() {
    metrics.lost(GapCause.STALLED);
    metrics.gapOpened();
    pass(1_500);
    metrics.gapOpened(); // another attempt of the same outage
    assertThat(value("gap-ms-total")).isEqualTo(1_500);
    pass(500);
    metrics.gapClosed();
    pass(10_000);
    assertThat(value("gap-ms-total")).isEqualTo(2_000);
    metrics.gapOpened();
    pass(250);
    assertThat(value("gap-ms-total")).isEqualTo(2_250);
  }

  @Test
  void ageBeforeTheFirstTickIsThatOfTheTask() {
    pass(100);
    assertThat(value("ms-since-last-frame")).isEqualTo(100);
    metrics.frame();
    pass(40);
    metrics.ticks(0);
    assertThat(value("ms-since-last-frame")).isEqualTo(40);
    assertThat(value("ms-since-last-tick")).as("an alert finds it").isEqualTo(140);
    metrics.ticks(1);
    pass(2);
    assertThat(value("ms-since-last-tick")).isEqualTo(2);
  }

  @Test
  void aLossIsCountedUnderItsCauseAndEndsTheConnection() {
    metrics.connected();
    assertThat(value("connected")).isEqualTo(1);
    metrics.lost(GapCause.RATE_LIMITED);
    assertThat(value("connected")).isZero();
    assertThat(value("losses-rate-limited-total")).isEqualTo(1);
    assertThat(value("losses-stalled-total")).isZero();
  }

  @Test
  void metricsAreOnTheMBeanUntilTheTaskStops() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name =
        new ObjectName("io.marketstream:type=feed-task-metrics,connector=\"a,b=c\",task=0");
    try (JmxMetrics jmx = new JmxMetrics("a,b=c");
        JmxMetrics other = new JmxMetrics("other")) {
      jmx.publish(all());
      other.publish(all());
      for (FeedMetric metric : all()) {
        assertThat(server.getAttribute(name, metric.name())).isEqualTo(metric.value().getAsLong());
      }
    }
    assertThat(server.isRegistered(name)).isFalse();
  }
}
