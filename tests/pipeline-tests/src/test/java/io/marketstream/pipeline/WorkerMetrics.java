package io.marketstream.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.rmi.UnmarshalException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The metrics that a worker publishes over JMX, as an operator's monitoring reads them. */
public final class WorkerMetrics {

  /** The names of our MBeans before Kafka 4.1, and since then. */
  private static final List<String> OURS =
      List.of("io.marketstream:type=feed-task-metrics,*", "kafka.connect:type=plugins,*");

  private final int port;

  WorkerMetrics(int port) {
    this.port = port;
  }

  /** Returns the options of a JVM that answers on this port, to this machine only. */
  static List<String> jvmOptions(int port) {
    return List.of(
        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
        "-Djava.rmi.server.hostname=127.0.0.1",
        "-Dcom.sun.management.jmxremote.port=" + port,
        "-Dcom.sun.management.jmxremote.rmi.port=" + port,
        "-Dcom.sun.management.jmxremote.authenticate=false",
        "-Dcom.sun.management.jmxremote.ssl=false");
  }

  private interface Question<T> {
    T ask(MBeanServerConnection server) throws IOException, JMException;
  }

  @SuppressWarnings("BanJNDI") // the worker is a process of this test
  private <T> T ask(Question<T> question) {
    try (JMXConnector connector =
        JMXConnectorFactory.connect(
            new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi"))) {
      return question.ask(connector.getMBeanServerConnection());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns our metrics of a connector's task by name; empty if none are published. */
  public Map<String, Double> of(String connector) {
    return ask(
        server -> {
          Map<String, Double> all = new HashMap<>();
          for (ObjectName name : ours(server, connector)) {
            for (Attribute attribute : attributesIfThere(server, name)) {
              if (attribute.getValue() instanceof Number number) {
                all.merge(
                    attribute.getName(),
                    number.doubleValue(),
                    (one, two) -> {
                      throw new AssertionError(attribute.getName() + " is published twice");
                    });
              }
            }
          }
          return all;
        });
  }

  /** Returns the names of the MBeans with our metrics of a connector's task. */
  public List<String> places(String connector) {
    return ask(server -> ours(server, connector).stream().map(ObjectName::toString).toList());
  }

  private static Set<ObjectName> ours(MBeanServerConnection server, String connector)
      throws IOException, JMException {
    Stream<ObjectName> names = Stream.empty();
    for (String pattern : OURS) {
      names = Stream.concat(names, server.queryNames(new ObjectName(pattern), null).stream());
    }
    return names
        .filter(
            name ->
                name.getKeyProperty("task") != null
                    && List.of(connector, ObjectName.quote(connector))
                        .contains(name.getKeyProperty("connector"))
                    && name.getKeyProperty("converter") == null)
        .collect(Collectors.toSet());
  }

  /** Returns nothing for a bean that was removed after its name was read. */
  private static List<Attribute> attributesIfThere(MBeanServerConnection server, ObjectName name)
      throws IOException, JMException {
    try {
      return attributes(server, name);
    } catch (InstanceNotFoundException gone) {
      return List.of();
    }
  }

  private static List<Attribute> attributes(MBeanServerConnection server, ObjectName name)
      throws IOException, JMException {
    String[] names =
        Arrays.stream(server.getMBeanInfo(name).getAttributes())
            .map(MBeanAttributeInfo::getName)
            .toArray(String[]::new);
    return server.getAttributes(name, names).asList();
  }

  /** Returns every name and value of every MBean of the worker, as text. */
  public List<String> everything() {
    return ask(
        server -> {
          Stream.Builder<String> all = Stream.builder();
          for (ObjectName name : server.queryNames(null, null)) {
            all.add(name.toString());
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
              try {
                String value = text(server.getAttribute(name, attribute.getName()));
                all.add(name + " " + attribute.getName() + "=" + value);
              } catch (JMException | UnmarshalException | RuntimeMBeanException unreadable) {
                // gone, without a value, or of a class that only the worker has
              }
            }
          }
          return all.build().toList();
        });
  }

  private static String text(Object value) {
    return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
  }

  /** Returns the names of the worker's threads. */
  public List<String> threads(Predicate<String> wanted) {
    return ask(
        server ->
            Arrays.stream(
                    ManagementFactory.newPlatformMXBeanProxy(
                            server,
                            ManagementFactory.THREAD_MXBEAN_NAME,
                            java.lang.management.ThreadMXBean.class)
                        .dumpAllThreads(false, false))
                .map(java.lang.management.ThreadInfo::getThreadName)
                .filter(wanted)
                .toList());
  }

  /** Runs a full collection, and returns the bytes of heap that are in use after it. */
  public long liveHeap() {
    return ask(
        server -> {
          ObjectName memory = new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME);
          server.invoke(memory, "gc", null, null);
          return MemoryUsage.from((CompositeData) server.getAttribute(memory, "HeapMemoryUsage"))
              .getUsed();
        });
  }
}
