package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentProvider;
import io.marketstream.embedded.component.ComponentSettings;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes components that run as processes of this machine, from the artifacts that Maven resolved. A
 * start downloads nothing.
 *
 * <p>Needs the files {@code target/classpath.txt} that {@code mvn package} writes in the modules
 * below {@code local}, or an unpacked release.
 */
public final class MavenComponents implements ComponentProvider {
  private final Installation installation;

  /**
   * Creates the provider.
   *
   * @param root the repository's root, or the folder of an unpacked release
   */
  public MavenComponents(Path root) {
    this.installation = Installation.at(root);
  }

  @Override
  public KafkaBroker kafka(ComponentSettings settings) {
    return new KafkaProcess(settings, classpath("kafka"), Optional.empty());
  }

  @Override
  public List<KafkaBroker> kafkaCluster(List<ComponentSettings> brokers) {
    ComponentClasspath classpath = classpath("kafka");
    List<BrokerIdentity> identities = prepared(brokers, BrokerIdentity::of);
    List<KafkaBroker> cluster = new ArrayList<>();
    for (int i = 0; i < brokers.size(); i++) {
      cluster.add(new KafkaProcess(brokers.get(i), classpath, Optional.of(identities.get(i))));
    }
    return List.copyOf(cluster);
  }

  @Override
  public ConnectWorker connect(ComponentSettings settings, ConnectSetup setup) {
    return new ConnectProcess(settings, classpath(connectModule(setup.release())), setup);
  }

  private static String connectModule(ConnectRelease release) {
    return release == ConnectRelease.NEWEST ? "connect" : "connect-" + release.label();
  }

  @Override
  public CassandraNode cassandra(ComponentSettings settings) {
    return new CassandraProcess(settings, classpath("cassandra"), Optional.empty());
  }

  @Override
  public List<CassandraNode> cassandraRing(List<ComponentSettings> nodes) {
    ComponentClasspath classpath = classpath("cassandra");
    List<RingMember> members = prepared(nodes, RingMember::of);
    List<CassandraNode> ring = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      // Cassandra lets only one node at a time join a ring.
      ComponentSettings settings =
          i == 0 ? nodes.get(i) : nodes.get(i).dependingOn(ring.get(i - 1));
      ring.add(new CassandraProcess(settings, classpath, Optional.of(members.get(i))));
    }
    return List.copyOf(ring);
  }

  private interface Preparation<T> {
    List<T> of(List<ComponentSettings> members) throws IOException;
  }

  private static <T> List<T> prepared(List<ComponentSettings> members, Preparation<T> preparation) {
    try {
      return preparation.of(members);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot prepare " + members.get(0).dataDir(), e);
    }
  }

  @Override
  public SparkJob spark(ComponentSettings settings, JobSubmission submission) {
    return new SparkSubmitProcess(
        settings, classpath(sparkModule(submission.release())), submission);
  }

  @Override
  public SparkMaster sparkMaster(ComponentSettings settings, SparkRelease release) {
    return new SparkMasterProcess(settings, classpath(sparkModule(release)), release);
  }

  @Override
  public SparkWorker sparkWorker(ComponentSettings settings, SparkMaster master, int cores) {
    return new SparkWorkerProcess(
        settings, classpath(sparkModule(master.release())), master, cores);
  }

  private static String sparkModule(SparkRelease release) {
    return release == SparkRelease.SPARK_3_5 ? "spark" : "spark-" + release.label();
  }

  @Override
  public FeedSimulator simulator(ComponentSettings settings, SimulatorSetup setup) {
    // The class path of the launcher includes the simulator.
    ComponentClasspath launcher = installation.classpath("local/local-pipeline");
    return new SimulatorProcess(settings, launcher, setup);
  }

  @Override
  public ReadApi readApi(ComponentSettings settings, CassandraNode cassandra, String keyspace) {
    // The jar holds everything that it needs.
    ComponentClasspath jar = new ComponentClasspath(List.of(installation.jar("market-data-api")));
    return new ReadApiProcess(settings, jar, cassandra, keyspace);
  }

  private ComponentClasspath classpath(String component) {
    return installation.classpath("local/embedded-stack/classpaths/" + component);
  }
}
