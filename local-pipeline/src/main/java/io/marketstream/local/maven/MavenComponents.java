package io.marketstream.local.maven;

import io.marketstream.local.component.CassandraNode;
import io.marketstream.local.component.ComponentProvider;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectRelease;
import io.marketstream.local.component.ConnectSetup;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FeedSimulator;
import io.marketstream.local.component.JobSubmission;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.component.SimulatorSetup;
import io.marketstream.local.component.SparkJob;
import java.nio.file.Path;

/**
 * Components as processes of this machine, from the artifacts that Maven resolved: nothing is
 * downloaded to start them.
 *
 * <p>Needs the {@code classpath.txt} that {@code mvn package} leaves in the {@code target} folder
 * of the modules below local-pipeline.
 */
public final class MavenComponents implements ComponentProvider {
  private final Path root;

  /**
   * @param root the repository's root
   */
  public MavenComponents(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public KafkaBroker kafka(ComponentSettings settings) {
    return new KafkaProcess(settings, classpath("classpaths/kafka"));
  }

  @Override
  public ConnectWorker connect(ComponentSettings settings, ConnectSetup setup) {
    return new ConnectProcess(settings, classpath(connectModule(setup.release())), setup);
  }

  private static String connectModule(ConnectRelease release) {
    return release == ConnectRelease.NEWEST
        ? "classpaths/connect"
        : "classpaths/connect-" + release.label();
  }

  @Override
  public CassandraNode cassandra(ComponentSettings settings) {
    return new CassandraProcess(settings, classpath("classpaths/cassandra"));
  }

  @Override
  public SparkJob spark(ComponentSettings settings, JobSubmission submission) {
    return new SparkSubmitProcess(settings, classpath("classpaths/spark"), submission);
  }

  @Override
  public FeedSimulator simulator(ComponentSettings settings, SimulatorSetup setup) {
    return new SimulatorProcess(settings, classpath("."), setup);
  }

  private ComponentClasspath classpath(String module) {
    return ComponentClasspath.read(
        root.resolve("local-pipeline").resolve(module).resolve("target/classpath.txt").normalize());
  }
}
