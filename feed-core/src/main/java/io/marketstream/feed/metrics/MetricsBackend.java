package io.marketstream.feed.metrics;

import java.util.List;

/** Where the metrics of one task are published while it runs. */
public interface MetricsBackend extends AutoCloseable {

  void publish(List<FeedMetric> metrics);

  /** Takes back what was published. Never fails: a task that stops must stop. */
  @Override
  void close();
}
