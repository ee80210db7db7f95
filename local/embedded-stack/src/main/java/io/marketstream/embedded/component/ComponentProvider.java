package io.marketstream.embedded.component;

import java.util.List;

/**
 * Where tests and the local pipeline get their components from. Every component is made stopped;
 * see {@link Component}.
 */
public interface ComponentProvider {
  KafkaBroker kafka(ComponentSettings settings);

  /**
   * The brokers of one cluster, each a controller as well. At least half of them must be starting
   * at the same time for any to become ready. What they keep is replicated to three of them, where
   * there are three.
   */
  List<KafkaBroker> kafkaCluster(List<ComponentSettings> brokers);

  ConnectWorker connect(ComponentSettings settings, ConnectSetup setup);

  CassandraNode cassandra(ComponentSettings settings);

  /**
   * The nodes of one ring, the first on 127.0.0.1, the next on 127.0.0.2 (Linux has these without
   * further ado). The settings name the same port for all. The first start of each is one after the
   * other, in this order; the first is the seed.
   */
  List<CassandraNode> cassandraRing(List<ComponentSettings> nodes);

  SparkJob spark(ComponentSettings settings, JobSubmission submission);

  SparkMaster sparkMaster(ComponentSettings settings);

  SparkWorker sparkWorker(ComponentSettings settings, SparkMaster master);

  FeedSimulator simulator(ComponentSettings settings, SimulatorSetup setup);
}
