package io.marketstream.feed.session;

import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the feed's delay for heartbeats and metrics, and logs a warning when it is not normal.
 * Not thread-safe: guarded by the session's lock.
 */
final class FeedDelayMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);

  private final String name;
  private final FeedMetrics metrics;
  private final FeedDelay sinceHeartbeat;
  private final FeedDelay inWindow;
  private final FeedDelayAlarm alarm;

  /**
   * @param name the name of the connector, for log lines
   * @param warn the greatest median without a warning; zero for no warnings
   */
  FeedDelayMonitor(String name, FeedMetrics metrics, Duration warn, RandomGenerator random) {
    this.name = name;
    this.metrics = metrics;
    this.sinceHeartbeat = new FeedDelay(random);
    this.inWindow = new FeedDelay(random);
    this.alarm = new FeedDelayAlarm(warn);
  }

  /** Adds the ticks of a frame, except those that the feed sends when a subscription begins. */
  void ticks(List<FeedEvent> events, long receivedAt) {
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Tick tick && !tick.snapshot()) {
        sinceHeartbeat.tick(tick.eventTime(), receivedAt);
        inWindow.tick(tick.eventTime(), receivedAt);
      }
    }
  }

  /** The median since the previous call, in ms; null without ticks. */
  @Nullable Long takeMedian() {
    FeedDelay.Distribution delay = sinceHeartbeat.take();
    return delay == null ? null : delay.p50();
  }

  /** Publishes the distribution since the previous call as metrics, and starts a new window. */
  void publishWindow() {
    FeedDelay.Distribution delay = inWindow.take();
    if (delay == null) {
      metrics.delay(0, 0, 0);
      return;
    }
    metrics.delay(delay.p50(), delay.p99(), delay.max());
    FeedDelayAlarm.Notice notice = alarm.judge(delay.p50());
    if (notice != null && notice.begins()) {
      LOG.warn("{}: {}", name, notice.message());
    } else if (notice != null) {
      LOG.info("{}: {}", name, notice.message());
    }
  }
}
