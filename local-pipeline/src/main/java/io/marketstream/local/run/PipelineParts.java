package io.marketstream.local.run;

import io.marketstream.local.component.CassandraNode;
import io.marketstream.local.component.Component;
import io.marketstream.local.component.ComponentProvider;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectSetup;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FeedSimulator;
import io.marketstream.local.component.JobSubmission;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.component.SimulatorSetup;
import io.marketstream.local.component.SparkJob;
import io.marketstream.local.component.SparkRelease;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The components of one local pipeline, on their ports.
 *
 * @param simulator empty when both feeds are live
 */
record PipelineParts(
    Optional<FeedSimulator> simulator,
    CassandraNode cassandra,
    KafkaBroker kafka,
    ConnectWorker connect,
    SparkJob spark) {

  static final String KEYSPACE = "market_data";

  /**
   * Up to this many ticks/s the pipeline idles most of the time, and what counts is how soon it is
   * there.
   */
  private static final int MODEST_RATE = 1_000;

  private static final String JOB_CLASS = "io.marketstream.spark.MarketDataJob";

  static PipelineParts of(ComponentProvider provider, RunOptions options, DataDirectory data) {
    Path home = data.path();
    KafkaBroker kafka =
        provider.kafka(settings(options, home, "kafka", options.ports().kafka(), 512));
    ConnectSetup setup =
        ConnectSetup.distributed(
            options.root().resolve("connect-configs/connect-distributed.properties"),
            kafka.bootstrapServers(),
            data.plugins());
    return new PipelineParts(
        simulator(provider, options, home),
        provider.cassandra(settings(options, home, "cassandra", options.ports().cassandra(), 1024)),
        kafka,
        provider.connect(connectSettings(options, home), setup),
        provider.spark(
            settings(options, home, "spark", 0, 1024), submission(options, data, kafka)));
  }

  /** What reads stops before what it reads from; the simulators outlive their readers. */
  List<Component> inStopOrder() {
    return Stream.concat(Stream.of(spark, connect, kafka, cassandra), simulator.stream())
        .map(Component.class::cast)
        .toList();
  }

  private static Optional<FeedSimulator> simulator(
      ComponentProvider provider, RunOptions options, Path home) {
    if (options.feeds().simulated().isEmpty()) {
      return Optional.empty();
    }
    SimulatorSetup setup =
        new SimulatorSetup(
            options.feeds().simulated().stream().map(Feed::id).collect(Collectors.toSet()),
            options.rate(),
            System.nanoTime());
    return Optional.of(provider.simulator(settings(options, home, "simulator", 0, 256), setup));
  }

  /**
   * The JVM's optimising compiler takes a third of the CPU that a start costs, and pays it back
   * only under load.
   */
  private static ComponentSettings settings(
      RunOptions options, Path home, String name, int port, int heapMb) {
    ComponentSettings settings = ComponentSettings.in(home, name, port, heapMb);
    return options.rate() <= MODEST_RATE
        ? settings.withJvmOptions(List.of("-XX:TieredStopAtLevel=1"))
        : settings;
  }

  /**
   * The live keys go into the worker's environment alone; its connectors refer to them as {@code
   * ${env:…}}.
   */
  private static ComponentSettings connectSettings(RunOptions options, Path home) {
    // A worker that was killed stays a member of its group for a session of 60 s, and a new one
    // would wait for it. No
    // other worker shares this data, and what a worker keeps is in its topics: each run gets a
    // group of its own.
    ComponentSettings settings =
        settings(options, home, "connect", options.ports().connect(), 512)
            .with("group.id", "market-stream-connect-" + System.currentTimeMillis());
    for (Feed feed : options.feeds().live()) {
      settings =
          settings.withEnvironment(
              feed.keyVariable(), options.environment().get(feed.keyVariable()));
    }
    return settings;
  }

  private static JobSubmission submission(
      RunOptions options, DataDirectory data, KafkaBroker kafka) {
    Path module = options.root().resolve("spark-job");
    return new JobSubmission(
        SparkRelease.SPARK_3_5,
        "local[2]",
        jobJar(module.resolve("target")),
        JOB_CLASS,
        Optional.of(module.resolve("conf/market-stream.properties")).filter(Files::exists),
        Map.of(
            "spark.cassandra.connection.host",
            "127.0.0.1",
            "spark.cassandra.connection.port",
            Integer.toString(options.ports().cassandra()),
            "spark.cassandra.connection.localDC",
            CassandraNode.DATACENTER),
        List.of(
            "--bootstrap-servers", kafka.bootstrapServers(),
            "--keyspace", KEYSPACE,
            "--checkpoint", data.checkpoint().toString()));
  }

  private static Path jobJar(Path target) {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "spark-job-*.jar")) {
      for (Path jar : jars) {
        if (!jar.getFileName().toString().matches(".*-(sources|javadoc|tests)\\.jar")) {
          return jar;
        }
      }
    } catch (IOException e) {
      throw new UserError(
          "There is no job jar in " + target + ". Build it: mvn -DskipTests package", e);
    }
    throw new UserError("There is no job jar in " + target + ". Build it: mvn -DskipTests package");
  }
}
