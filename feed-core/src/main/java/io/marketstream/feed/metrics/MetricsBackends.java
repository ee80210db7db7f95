package io.marketstream.feed.metrics;

import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Chooses where a task publishes its metrics: the worker's plugin metrics if it has them, otherwise
 * JMX.
 */
public final class MetricsBackends {

  private MetricsBackends() {}

  /**
   * Chooses the backend of a task.
   *
   * @param connector the name of the connector
   */
  public static MetricsBackend of(SourceTaskContext context, String connector) {
    return workerHasPluginMetrics(context)
        ? WorkerMetrics.backend(context, connector)
        : new JmxMetrics(connector);
  }

  private static boolean workerHasPluginMetrics(SourceTaskContext context) {
    try {
      context.getClass().getMethod("pluginMetrics");
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** A class of its own, so that a worker without plugin metrics never loads it. */
  private static final class WorkerMetrics {
    static MetricsBackend backend(SourceTaskContext context, String connector) {
      PluginMetrics plugin = context.pluginMetrics();
      return plugin == null ? new JmxMetrics(connector) : new PluginMetricsBackend(plugin);
    }
  }
}
