package io.marketstream.local.component;

/**
 * Where tests and the local pipeline get their components from. Every component is made stopped;
 * see {@link Component}.
 */
public interface ComponentProvider {
  KafkaBroker kafka(ComponentSettings settings);

  ConnectWorker connect(ComponentSettings settings, ConnectSetup setup);

  CassandraNode cassandra(ComponentSettings settings);

  SparkJob spark(ComponentSettings settings, JobSubmission submission);

  FeedSimulator simulator(ComponentSettings settings, SimulatorSetup setup);
}
