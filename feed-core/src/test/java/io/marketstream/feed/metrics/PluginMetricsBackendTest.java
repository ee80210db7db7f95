package io.marketstream.feed.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.junit.jupiter.api.Test;

class PluginMetricsBackendTest {

  /** One run's view of a worker's registry, which all runs of a task share. */
  private static final class Registry implements PluginMetrics {
    private final Map<MetricName, MetricValueProvider<?>> all;

    Registry(Map<MetricName, MetricValueProvider<?>> all) {
      this.all = all;
    }

    @Override
    @SuppressWarnings("NonApiType") // the interface is Kafka's
    public MetricName metricName(
        String name, String description, LinkedHashMap<String, String> tags) {
      return new MetricName(name, "plugins", description, tags);
    }

    @Override
    public void addMetric(MetricName name, MetricValueProvider<?> value) {
      if (all.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException(name + " already exists");
      }
    }

    @Override
    public void removeMetric(MetricName name) {
      all.remove(name);
    }

    @Override
    public Sensor addSensor(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void removeSensor(String name) {
      throw new UnsupportedOperationException();
    }
  }

  private final Map<MetricName, MetricValueProvider<?>> all = new LinkedHashMap<>();

  private static List<FeedMetric> metrics(long value) {
    return List.of(
        new FeedMetric("frames-total", "frames", "Frames read from the socket", () -> value),
        new FeedMetric("gap-ms-total", "ms", "Time of gaps", () -> value));
  }

  private static Object value(MetricValueProvider<?> metric) {
    return ((Gauge<?>) metric).value(new MetricConfig(), 0);
  }

  @Test
  void everyMetricIsThereWithItsUnitWhileTheTaskRuns() {
    PluginMetricsBackend backend = new PluginMetricsBackend(new Registry(all));
    backend.publish(metrics(7));
    assertThat(all.keySet())
        .extracting(MetricName::name)
        .containsExactly("frames-total", "gap-ms-total");
    assertThat(all.keySet())
        .extracting(MetricName::description)
        .containsExactly("Frames read from the socket (frames)", "Time of gaps (ms)");
    assertThat(all.values()).allMatch(metric -> value(metric).equals(7L));

    backend.close();

    assertThat(all).isEmpty();
  }

  @Test
  void aTaskStartsAlsoWhileOneThatHangsHoldsItsMetrics() {
    PluginMetricsBackend hung = new PluginMetricsBackend(new Registry(all));
    hung.publish(metrics(1));
    PluginMetricsBackend successor = new PluginMetricsBackend(new Registry(all));

    successor.publish(metrics(2));
    successor.close();

    assertThat(all.values()).hasSize(2).allMatch(metric -> value(metric).equals(1L));
  }
}
