package io.marketstream.feed.metrics;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes metrics as one MBean per task, {@code
 * io.marketstream:type=feed-task-metrics,connector="…",task=0}. It is for workers before Kafka 4.1,
 * which have no metrics for plugins.
 */
final class JmxMetrics implements MetricsBackend {

  private static final Logger LOG = LoggerFactory.getLogger(JmxMetrics.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final String connector;
  private @Nullable ObjectName name;
  private @Nullable TaskBean bean;

  JmxMetrics(String connector) {
    this.connector = connector;
  }

  @Override
  public void publish(List<FeedMetric> metrics) {
    try {
      ObjectName wanted =
          new ObjectName(
              "io.marketstream:type=feed-task-metrics,connector="
                  + ObjectName.quote(connector)
                  + ",task=0");
      if (server.isRegistered(wanted)) {
        // It belongs to a hung task that the worker has replaced by this one.
        server.unregisterMBean(wanted);
      }
      bean = new TaskBean(metrics);
      server.registerMBean(bean, wanted);
      name = wanted;
    } catch (JMException e) {
      LOG.warn("{}: the metrics cannot be published", connector, e);
    }
  }

  @Override
  public void close() {
    if (name == null || bean == null || !bean.registered) {
      return; // the successor of this task has the name now
    }
    try {
      server.unregisterMBean(name);
    } catch (JMException e) {
      LOG.debug("{}: the metrics were already removed", connector, e);
    }
  }

  private static final class TaskBean implements DynamicMBean, MBeanRegistration {
    private final Map<String, FeedMetric> metrics = new LinkedHashMap<>();
    private volatile boolean registered;

    TaskBean(List<FeedMetric> list) {
      list.forEach(metric -> metrics.put(metric.name(), metric));
    }

    @Override
    public ObjectName preRegister(MBeanServer server, ObjectName wanted) {
      return wanted;
    }

    @Override
    public void postRegister(Boolean done) {
      registered = done;
    }

    @Override
    public void preDeregister() {
      // Nothing to do.
    }

    @Override
    public void postDeregister() {
      registered = false;
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
      FeedMetric metric = metrics.get(attribute);
      if (metric == null) {
        throw new AttributeNotFoundException(attribute);
      }
      return metric.value().getAsLong();
    }

    @Override
    public AttributeList getAttributes(String[] attributes) {
      AttributeList values = new AttributeList();
      for (String attribute : attributes) {
        FeedMetric metric = metrics.get(attribute);
        if (metric != null) {
          values.add(new Attribute(attribute, metric.value().getAsLong()));
        }
      }
      return values;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
      throw new AttributeNotFoundException("metrics cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
      return new AttributeList();
    }

    @Override
    public Object invoke(String actionName, Object[] params, String[] signature) {
      throw new UnsupportedOperationException("metrics have no operations");
    }

    @Override
    public MBeanInfo getMBeanInfo() {
      MBeanAttributeInfo[] attributes =
          metrics.values().stream()
              .map(
                  metric ->
                      new MBeanAttributeInfo(
                          metric.name(),
                          "long",
                          metric.description() + " (" + metric.unit() + ")",
                          true,
                          false,
                          false))
              .toArray(MBeanAttributeInfo[]::new);
      return new MBeanInfo(
          TaskBean.class.getName(), "Metrics of a feed task", attributes, null, null, null);
    }
  }
}
