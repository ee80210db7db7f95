package io.marketstream.feed.metrics;

import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Chooses where a task's metrics go: to the worker's plugin metrics where it has them, else to JMX.
 */
public final class MetricsBackends {

  private MetricsBackends() {}

  /**
   * @param connector the connector's name
   */
  public static MetricsBackend of(SourceTaskContext context, String connector) {
    return workerHasPluginMetrics(context)
        ? OfWorker.backend(context, connector)
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

  /** Apart, so that a worker without the class never loads what refers to it. */
  private static final class OfWorker {
    static MetricsBackend backend(SourceTaskContext context, String connector) {
      PluginMetrics plugin = context.pluginMetrics();
      return plugin == null ? new JmxMetrics(connector) : new PluginMetricsBackend(plugin);
    }
  }
}
