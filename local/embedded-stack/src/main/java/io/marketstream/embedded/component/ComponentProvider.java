package io.marketstream.embedded.component;

import java.util.List;

/** Makes components for tests and for the local pipeline. Starts none of them. */
public interface ComponentProvider {
  KafkaBroker kafka(ComponentSettings settings);

  /**
   * Makes the brokers of one cluster, each a controller as well. A broker becomes ready only once
   * more than half of them run, so start them in parallel. With three or more brokers, the
   * replication factor is 3.
   */
  List<KafkaBroker> kafkaCluster(List<ComponentSettings> brokers);

  ConnectWorker connect(ComponentSettings settings, ConnectSetup setup);

  CassandraNode cassandra(ComponentSettings settings);

  /**
   * Makes the nodes of one ring: the first on 127.0.0.1, the next on 127.0.0.2, and so on. Linux
   * has these addresses without set-up. All settings have the same port. The first node is the
   * seed. Each node depends on the one before it, because nodes join a ring one at a time.
   */
  List<CassandraNode> cassandraRing(List<ComponentSettings> nodes);

  SparkJob spark(ComponentSettings settings, JobSubmission submission);

  SparkMaster sparkMaster(ComponentSettings settings, SparkRelease release);

  /**
   * Makes a worker of the master's release.
   *
   * @param cores how many tasks it offers to run at the same time
   */
  SparkWorker sparkWorker(ComponentSettings settings, SparkMaster master, int cores);

  FeedSimulator simulator(ComponentSettings settings, SimulatorSetup setup);

  /**
   * Makes the read API.
   *
   * @param settings with a port
   */
  ReadApi readApi(ComponentSettings settings, CassandraNode cassandra, String keyspace);
}
