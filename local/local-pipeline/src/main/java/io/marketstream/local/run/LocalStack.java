package io.marketstream.local.run;

import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ComponentProvider;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FeedSimulator;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.SimulatorSetup;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.model.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The components of one local pipeline, on their ports.
 *
 * @param simulator empty when both feeds are live
 */
record LocalStack(
    Optional<FeedSimulator> simulator,
    CassandraNode cassandra,
    KafkaBroker kafka,
    ConnectWorker connect,
    SparkJob spark) {

  static final String KEYSPACE = Tables.KEYSPACE;

  /**
   * Up to this many ticks/s the pipeline idles most of the time, and what counts is how soon it is
   * there.
   */
  private static final int MODEST_RATE = 1_000;

  /** The job folds and writes every tick, so it is busy sooner than the others. */
  private static final int MODEST_RATE_OF_JOB = 200;

  private static final String JOB_CLASS = "io.marketstream.spark.MarketDataJob";

  /**
   * What real markets do and a simulator need not: sessions and auctions (a day of ten minutes, for
   * a run may last no longer), a trade in a thousand that is reported late, subscriptions that take
   * a moment, thousands of assets, and slow readers that are cut off.
   */
  private static final Map<String, String> REAL_MARKET =
      Map.of(
          "--market-hours", "600",
          "--late-share", "0.001",
          "--max-lateness", "300000",
          "--subscription-delay", "100",
          "--coincap-assets", "3000",
          "--slow-readers", "drop",
          "--slow-reader-bytes", Integer.toString(16 << 20));

  static LocalStack of(ComponentProvider provider, RunOptions options, DataDirectory data) {
    Path home = data.path();
    KafkaBroker kafka =
        provider.kafka(settings(options, home, "kafka", options.ports().kafka(), 512));
    ConnectSetup setup =
        ConnectSetup.distributed(
            options.root().resolve("connect-configs/connect-distributed.properties"),
            kafka.bootstrapServers(),
            data.plugins());
    return new LocalStack(
        simulator(provider, options, home),
        provider.cassandra(settings(options, home, "cassandra", options.ports().cassandra(), 1024)),
        kafka,
        provider.connect(connectSettings(options, home), setup),
        provider.spark(
            settings(options, home, "spark", 0, 1024, MODEST_RATE_OF_JOB),
            submission(options, data, kafka)));
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
    ComponentSettings settings = settings(options, home, "simulator", 0, 256);
    for (Map.Entry<String, String> option : REAL_MARKET.entrySet()) {
      settings = settings.with(option.getKey(), option.getValue());
    }
    return Optional.of(provider.simulator(settings, setup));
  }

  /**
   * The JVM's optimising compiler takes a third of the CPU that a start costs, and pays it back
   * only under load.
   */
  private static ComponentSettings settings(
      RunOptions options, Path home, String name, int port, int heapMb) {
    return settings(options, home, name, port, heapMb, MODEST_RATE);
  }

  private static ComponentSettings settings(
      RunOptions options, Path home, String name, int port, int heapMb, int modestRate) {
    ComponentSettings settings =
        ComponentSettings.in(home, name, port, heapMb)
            .withTimeouts(options.startTimeout(), ComponentSettings.STOP_TIMEOUT);
    return options.rate() <= modestRate
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
    for (String variable : workerVariables(options)) {
      settings = settings.withEnvironment(variable, options.environment().get(variable));
    }
    return settings;
  }

  /**
   * The keys of live feeds, what else their connectors refer to, and Java's options for the trust
   * store or proxy that the way to a live feed may need.
   */
  private static Set<String> workerVariables(RunOptions options) {
    Set<String> variables = new TreeSet<>();
    ConnectorConfigs configs = new ConnectorConfigs(options.root().resolve("connect-configs"));
    for (Feed feed : options.feeds().live()) {
      variables.add(feed.keyVariable());
      variables.addAll(configs.environmentVariables(feed));
      variables.add("JAVA_TOOL_OPTIONS");
    }
    variables.retainAll(options.environment().keySet());
    return variables;
  }

  private static JobSubmission submission(
      RunOptions options, DataDirectory data, KafkaBroker kafka) {
    Path module = options.root().resolve("spark-job");
    return new JobSubmission(
        SparkRelease.SPARK_3_5,
        "local[2]",
        BuiltJar.of(options.root(), "spark-job"),
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
}
