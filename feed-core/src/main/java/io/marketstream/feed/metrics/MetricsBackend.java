package io.marketstream.feed.metrics;

import java.util.List;

/** Publishes the metrics of a task while it runs. */
public interface MetricsBackend extends AutoCloseable {

  /** Publishes the metrics. */
  void publish(List<FeedMetric> metrics);

  /** Removes what was published. It never throws, because a task must always be able to stop. */
  @Override
  void close();
}
