package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.local.component.CassandraNode;
import io.marketstream.local.component.ComponentProvider;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.maven.MavenComponents;
import io.marketstream.pipeline.ComponentJvm;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What the job stands between: a real broker and a real Cassandra node, on free ports. */
final class JobStores implements AutoCloseable {

  static final Path ROOT = Path.of(System.getProperty("marketstream.root"));
  static final ComponentProvider PROVIDER = new MavenComponents(ROOT);

  private static final AtomicInteger NEXT = new AtomicInteger();

  final Path home;
  final KafkaBroker kafka;

  /** Of one ring, which is one node mostly. */
  final List<CassandraNode> nodes;

  /** The first of them. */
  final CassandraNode cassandra;

  private JobStores(Path home, KafkaBroker kafka, List<CassandraNode> nodes) {
    this.home = home;
    this.kafka = kafka;
    this.nodes = nodes;
    this.cassandra = nodes.get(0);
  }

  /** Stopped ones. */
  static JobStores in(Path home) {
    return in(home, FreePorts.next(), Map.of(), Map.of());
  }

  /** Stopped ones with settings over ours. */
  static JobStores in(
      Path home, int kafkaPort, Map<String, String> ofKafka, Map<String, String> ofCassandra) {
    ComponentSettings cassandra = settings(home, "cassandra", FreePorts.next(), 1024);
    return new JobStores(
        home,
        PROVIDER.kafka(with(kafka(home, kafkaPort), ofKafka)),
        List.of(PROVIDER.cassandra(with(cassandra, ofCassandra))));
  }

  /** Stopped ones: a broker and three nodes, which keep a copy of each row each. */
  static JobStores withThreeNodes(Path home) {
    int cqlPort = FreePorts.next(List.of("127.0.0.1", "127.0.0.2", "127.0.0.3"));
    return new JobStores(
        home,
        PROVIDER.kafka(kafka(home, FreePorts.next())),
        PROVIDER.cassandraRing(
            IntStream.rangeClosed(1, 3)
                .mapToObj(i -> settings(home, "cassandra-" + i, cqlPort, 768))
                .toList()));
  }

  /** Tests make their topics themselves; one that is missing is to stay so. */
  private static ComponentSettings kafka(Path home, int port) {
    return settings(home, "kafka", port, 384).with("auto.create.topics.enable", "false");
  }

  /** As {@link ComponentSettings#in}, for a component that is under test. */
  static ComponentSettings settings(Path home, String name, int port, int heapMb) {
    return ComponentSettings.in(home, name, port, heapMb).withJvmOptions(ComponentJvm.options());
  }

  private static ComponentSettings with(ComponentSettings settings, Map<String, String> more) {
    ComponentSettings all = settings;
    for (Map.Entry<String, String> setting : more.entrySet()) {
      all = all.with(setting.getKey(), setting.getValue());
    }
    return all;
  }

  JobStores start() {
    try {
      nodes.forEach(CassandraNode::start); // one after the other: a ring wants it so
      kafka.start();
    } catch (RuntimeException e) {
      nodes.forEach(CassandraNode::stop);
      throw e;
    }
    return this;
  }

  /** A keyspace with our tables, of a name that nobody else has. */
  String newKeyspace(String word) {
    String keyspace = word + "_" + NEXT.incrementAndGet();
    if (nodes.size() > 1) {
      createWithACopyOnEachNode(keyspace);
    }
    cassandra.applySchema(ROOT.resolve("cassandra-cql"), keyspace);
    return keyspace;
  }

  /** 001_keyspace.cql then leaves it as it is. */
  private void createWithACopyOnEachNode(String keyspace) {
    try (CqlSession session = session()) {
      session.execute(
          "CREATE KEYSPACE "
              + keyspace
              + " WITH replication = {'class': 'NetworkTopologyStrategy', '"
              + CassandraNode.DATACENTER
              + "': "
              + nodes.size()
              + "}");
    }
  }

  /** Names of topics that nobody else has; the topics are not made. */
  JobTopics newTopics(String word) {
    String stem = word + "-" + NEXT.incrementAndGet();
    return new JobTopics(stem, stem + "-gaps", stem + "-rejected");
  }

  void createTopic(String name, int partitions) {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new AssertionError("topic " + name + " cannot be made", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Where the partitions of topics end, by the names that the job gives them. */
  Map<String, Long> ends(String... topics) {
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

  /** A session of the caller's own. */
  CqlSession session() {
    return cassandra.session();
  }

  /** A folder of the test's own. */
  Path newFolder(String word) {
    return home.resolve(word + "-" + NEXT.incrementAndGet());
  }

  @Override
  public void close() {
    kafka.stop();
    nodes.forEach(CassandraNode::stop);
  }
}
