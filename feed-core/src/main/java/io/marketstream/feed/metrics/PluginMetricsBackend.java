package io.marketstream.feed.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes metrics as plugin metrics of Kafka Connect, in {@code
 * kafka.connect:type=plugins,connector=…,task=…}. Only workers of Kafka 4.1 and newer load this
 * class.
 */
final class PluginMetricsBackend implements MetricsBackend {

  private static final Logger LOG = LoggerFactory.getLogger(PluginMetricsBackend.class);

  private final PluginMetrics plugin;
  private final List<MetricName> published = new ArrayList<>();

  PluginMetricsBackend(PluginMetrics plugin) {
    this.plugin = plugin;
  }

  @Override
  public void publish(List<FeedMetric> metrics) {
    for (FeedMetric metric : metrics) {
      MetricName name =
          plugin.metricName(
              metric.name(),
              metric.description() + " (" + metric.unit() + ")",
              new LinkedHashMap<>());
      try {
        plugin.addMetric(name, (Gauge<Long>) (config, now) -> metric.value().getAsLong());
        published.add(name);
      } catch (IllegalArgumentException e) {
        // A hung task that the worker has replaced still has the name.
        LOG.warn("The metric {} cannot be published: {}", metric.name(), e.getMessage());
        return;
      }
    }
  }

  @Override
  public void close() {
    for (MetricName name : published) {
      try {
        plugin.removeMetric(name);
      } catch (RuntimeException e) {
        LOG.debug(
            "The metric {} was already removed",
            name,
            e); // the worker may have closed its metrics first
      }
    }
    published.clear();
  }
}
