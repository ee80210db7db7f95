package io.marketstream.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ComponentProvider;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectRelease;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkMaster;
import io.marketstream.embedded.component.SparkWorker;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.containers.ContainerComponents;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * The real components of a test, on free ports in a folder of their own: Kafka, Connect with the
 * built plugin zips, Cassandra, and the job by SparkSubmit. A stack may lack some of them.
 */
public final class TestStack implements AutoCloseable {

  /** The root of the repository. */
  public static final Path ROOT = Path.of(System.getProperty("marketstream.root"));

  /** The keyspace of the job of a stack. */
  public static final String KEYSPACE = "market_data";

  /** {@code -Dmarketstream.connect.release=3.5} selects an older Connect worker. */
  public static final ConnectRelease CONNECT_RELEASE =
      ConnectRelease.of(System.getProperty("marketstream.connect.release", "newest"));

  /**
   * Makes single components: processes, or with {@code -Dmarketstream.components=containers}
   * (profile {@code containers}) containers.
   */
  public static final ComponentProvider PROVIDER =
      System.getProperty("marketstream.components", "processes").equals("containers")
          ? new ContainerComponents(ROOT)
          : new MavenComponents(ROOT);

  private static final AtomicInteger UNIQUE = new AtomicInteger();

  private final Path home;
  private final List<Component> started = new CopyOnWriteArrayList<>();

  public final List<KafkaBroker> brokers;
  public final List<ConnectWorker> workers;
  public final List<CassandraNode> nodes;

  /** The workers of a standalone Spark cluster; empty if driver and executor are one JVM. */
  public final List<SparkWorker> sparkWorkers;

  /** The first broker. Clients that connect to it learn the others. */
  public final KafkaBroker kafka;

  /** The first worker; null if there is none. */
  public final ConnectWorker connect;

  /** The metrics of the first worker; null if it does not publish them. */
  public final WorkerMetrics metrics;

  /** The first node; null if there is none. Clients that connect to it learn the others. */
  public final CassandraNode cassandra;

  /** The job; null if there is none. */
  public final SparkJob job;

  private final Optional<SparkMaster> sparkMaster;

  TestStack(
      Path home,
      List<KafkaBroker> brokers,
      List<ConnectWorker> workers,
      WorkerMetrics metrics,
      List<CassandraNode> nodes,
      Optional<SparkMaster> sparkMaster,
      List<SparkWorker> sparkWorkers,
      SparkJob job) {
    this.home = home;
    this.brokers = List.copyOf(brokers);
    this.workers = List.copyOf(workers);
    this.metrics = metrics;
    this.nodes = List.copyOf(nodes);
    this.sparkMaster = sparkMaster;
    this.sparkWorkers = List.copyOf(sparkWorkers);
    this.job = job;
    kafka = brokers.get(0);
    connect = workers.isEmpty() ? null : workers.get(0);
    cassandra = nodes.isEmpty() ? null : nodes.get(0);
  }

  /** One of each component, and the job in one JVM. */
  public static TestStackBuilder single(Path home) {
    return new TestStackBuilder(home).withJob().quickWorkerTimeouts();
  }

  /**
   * Three brokers, three nodes, two workers with the shipped timeouts, and the job on a Spark
   * master with two workers. Every topic and table has three replicas.
   */
  public static TestStackBuilder clustered(Path home) {
    return new TestStackBuilder(home).brokers(3).nodes(3).workers(2).withJob().withSparkCluster();
  }

  /** A broker and a worker of {@link #CONNECT_RELEASE}, with metrics. */
  public static TestStackBuilder connectOnly(Path home) {
    return new TestStackBuilder(home).nodes(0).withMetrics();
  }

  /** A broker that creates no topics by itself, and a Cassandra node. */
  public static TestStackBuilder storesOnly(Path home) {
    return new TestStackBuilder(home).workers(0).kafka("auto.create.topics.enable", "false");
  }

  /** Returns the settings of a component under test, as {@link ComponentSettings#in}. */
  public static ComponentSettings settings(Path home, String name, int port, int heapMb) {
    return ComponentSettings.in(home, name, port, heapMb).withJvmOptions(ComponentJvm.options());
  }

  /** Returns the word with a number that no other test of this JVM gets. */
  public static String unique(String word, String separator) {
    return word + separator + UNIQUE.incrementAndGet();
  }

  /**
   * Starts everything except the job. If there is a job, applies the schema for it. If a component
   * cannot be started, stops the others.
   */
  public TestStack start() {
    try {
      // One after the other, because nodes of a ring cannot join together.
      nodes.forEach(this::start);
      Parallel.run(brokers, this::start);
      Parallel.run(workers, this::start);
      if (job != null) {
        applySchema(KEYSPACE);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    return this;
  }

  /** Starts the job, after its Spark cluster if it has one. */
  public void startJob() {
    sparkCluster().forEach(this::start);
    start(job);
  }

  private List<Component> sparkCluster() {
    return Stream.concat(sparkMaster.stream(), sparkWorkers.stream())
        .map(Component.class::cast)
        .toList();
  }

  private void start(Component component) {
    started.add(component);
    component.start();
  }

  /**
   * Resumes or starts every component that was started before and is now frozen or down.
   *
   * @throws RuntimeException the first that was thrown, after all components were tried
   */
  public void revive() {
    RuntimeException failure = null;
    for (Component component : started) {
      try {
        revive(component);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void revive(Component component) {
    if (component.isRunning()) {
      component.resume();
    }
    if (component instanceof CassandraNode node
        && !FreePorts.isServed(node.cqlAddress().getHostString(), node.cqlAddress().getPort())) {
      component.stop(); // after a disk failure a node closes its port and keeps running
    }
    if (!component.isRunning()) {
      component.start();
    }
  }

  /** Creates a keyspace with our tables, under a name that no other test has. */
  public String newKeyspace(String word) {
    String keyspace = unique(word, "_");
    applySchema(keyspace);
    return keyspace;
  }

  private void applySchema(String keyspace) {
    if (nodes.size() > 1) {
      createReplicatedKeyspace(keyspace);
    }
    cassandra.applySchema(ROOT.resolve("cassandra-cql"), keyspace);
  }

  /** Creates a keyspace with a replica on each node. 001_keyspace.cql then does not change it. */
  private void createReplicatedKeyspace(String keyspace) {
    try (CqlSession session = session()) {
      session.execute(
          "CREATE KEYSPACE IF NOT EXISTS "
              + keyspace
              + " WITH replication = {'class': 'NetworkTopologyStrategy', '"
              + CassandraNode.DATACENTER
              + "': "
              + nodes.size()
              + "}");
    }
  }

  public void createTopic(String name, int partitions) {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new AssertionError("topic " + name + " cannot be created", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Returns the end of each partition of these topics, by the names that the job uses. */
  public Map<String, Long> ends(String... topics) {
    Map<String, Long> ends = new TreeMap<>();
    try (Admin admin = kafka.admin()) {
      Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
      admin
          .describeTopics(List.of(topics))
          .allTopicNames()
          .get()
          .forEach(
              (name, topic) ->
                  topic
                      .partitions()
                      .forEach(
                          partition ->
                              partitions.put(
                                  new TopicPartition(name, partition.partition()),
                                  OffsetSpec.latest())));
      admin
          .listOffsets(partitions)
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition.toString(), end.offset()));
      return ends;
    } catch (ExecutionException e) {
      throw new AssertionError("the ends of the topics cannot be read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Opens a session with Cassandra. The caller closes it. */
  public CqlSession session() {
    return cassandra.session();
  }

  /** Returns a folder that no other test has. It does not exist yet. */
  public Path newFolder(String word) {
    return home.resolve(unique(word, "-"));
  }

  /** Stops the components in the order in which a pipeline drains. */
  @Override
  public void close() {
    List<List<? extends Component>> order =
        List.of(Stream.ofNullable(job).toList(), sparkCluster(), workers, brokers, nodes);
    for (List<? extends Component> group : order) {
      Parallel.run(
          group.stream().filter(each -> started.contains(each) || each.isRunning()).toList(),
          Component::stop);
    }
  }
}
