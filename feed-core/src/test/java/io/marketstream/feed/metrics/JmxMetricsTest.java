package io.marketstream.feed.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class JmxMetricsTest {

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  private static List<FeedMetric> metric(long value) {
    return List.of(new FeedMetric("ticks-total", "ticks", "Ticks", () -> value));
  }

  private Set<ObjectName> published(String connector) throws JMException {
    return server.queryNames(
        new ObjectName(
            "io.marketstream:type=feed-task-metrics,task=0,connector="
                + ObjectName.quote(connector)),
        null);
  }

  private Object value(String connector) throws JMException {
    return server.getAttribute(published(connector).iterator().next(), "ticks-total");
  }

  @Test
  void aConnectorOfAnyNameHasItsMetricsWhileItsTaskRuns() throws Exception {
    String connector = "a \"quoted\", odd=name*?";
    JmxMetrics metrics = new JmxMetrics(connector);
    metrics.publish(metric(7));
    assertThat(value(connector)).isEqualTo(7L);

    metrics.close();

    assertThat(published(connector)).isEmpty();
  }

  @Test
  void aTaskThatStopsLateLeavesTheMetricsOfItsSuccessor() throws Exception {
    JmxMetrics hung = new JmxMetrics("late");
    hung.publish(metric(1));
    JmxMetrics successor = new JmxMetrics("late");
    successor.publish(metric(2));

    hung.close();

    assertThat(value("late")).isEqualTo(2L);
    successor.close();
    assertThat(published("late")).isEmpty();
  }
}
