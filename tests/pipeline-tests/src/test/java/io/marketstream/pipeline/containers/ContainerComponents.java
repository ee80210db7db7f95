package io.marketstream.pipeline.containers;

import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentProvider;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectMode;
import io.marketstream.embedded.component.ConnectRelease;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FeedSimulator;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.ReadApi;
import io.marketstream.embedded.component.SimulatorSetup;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkMaster;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.embedded.component.SparkWorker;
import io.marketstream.embedded.maven.ComponentClasspath;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes components that run in containers. Each is alone: there are no clusters. Tests that need
 * something else use processes.
 */
public final class ContainerComponents implements ComponentProvider {
  private static final String LIBRARIES =
      "local/embedded-stack/classpaths/spark-3.5-scala-2.12/target/classpath.txt";

  private final Path root;
  private final ContainerImages images = ContainerImages.fromSystemProperties();

  /**
   * Creates the provider.
   *
   * @param root the repository's root
   */
  public ContainerComponents(Path root) {
    this.root = root;
  }

  @Override
  public KafkaBroker kafka(ComponentSettings settings) {
    return new BrokerContainer(settings, images.kafka());
  }

  @Override
  public ConnectWorker connect(ComponentSettings settings, ConnectSetup setup) {
    if (setup.release() != ConnectRelease.NEWEST || setup.mode() != ConnectMode.DISTRIBUTED) {
      throw missing("a standalone worker, or one of an older release");
    }
    return new WorkerContainer(settings, images.kafka(), setup);
  }

  @Override
  public CassandraNode cassandra(ComponentSettings settings) {
    return new CassandraContainer(settings, images.cassandra());
  }

  /** The official image has Scala 2.12, and the job's jar runs with both. */
  @Override
  public SparkJob spark(ComponentSettings settings, JobSubmission submission) {
    if (submission.release() != SparkRelease.SPARK_3_5) {
      throw missing("a job on Spark " + submission.release().label());
    }
    return new JobContainer(
        settings, images.spark(), submission, ComponentClasspath.read(root.resolve(LIBRARIES)));
  }

  @Override
  public List<KafkaBroker> kafkaCluster(List<ComponentSettings> brokers) {
    throw missing("a cluster of brokers");
  }

  @Override
  public List<CassandraNode> cassandraRing(List<ComponentSettings> nodes) {
    throw missing("a ring of nodes");
  }

  @Override
  public SparkMaster sparkMaster(ComponentSettings settings, SparkRelease release) {
    throw missing("a master of Spark");
  }

  @Override
  public SparkWorker sparkWorker(ComponentSettings settings, SparkMaster master, int cores) {
    throw missing("a worker of Spark");
  }

  @Override
  public FeedSimulator simulator(ComponentSettings settings, SimulatorSetup setup) {
    throw missing("a simulator");
  }

  @Override
  public ReadApi readApi(ComponentSettings settings, CassandraNode cassandra, String keyspace) {
    throw missing("the read API");
  }

  private static UnsupportedOperationException missing(String what) {
    return new UnsupportedOperationException(
        "There is no container for " + what + ". Run this test without -Pcontainers");
  }
}
