package io.marketstream.local.run;

import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentProvider;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FeedSimulator;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.ReadApi;
import io.marketstream.embedded.component.SimulatorSetup;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.embedded.maven.Installation;
import io.marketstream.embedded.start.Startable;
import io.marketstream.model.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes the components of a run, each with its port, heap and settings. Starts nothing. */
final class ComponentFactory {
  /**
   * Up to this rate most components are idle most of the time, and the length of a start counts.
   */
  private static final int MODEST_RATE = 1_000;

  /** The job computes and writes every tick, so it gets busy at a lower rate than the others. */
  private static final int MODEST_RATE_OF_JOB = 200;

  private static final String JOB_CLASS = "io.marketstream.spark.MarketDataJob";

  /**
   * The task slots of batches. In real-time mode, each partition needs a slot: six of ticks and one
   * of gaps, as the connectors create them. Two more are for the candles.
   */
  private static final String MASTER = "local[2]";

  private static final String REAL_TIME_MASTER = "local[9]";

  /**
   * Simulator options that make the market behave like a real one:
   *
   * <ul>
   *   <li>trading days of ten minutes, with auctions and extended hours
   *   <li>one trade in a thousand is reported late
   *   <li>a subscription takes a moment
   *   <li>thousands of assets
   *   <li>a client that does not read is cut off
   * </ul>
   */
  private static final Map<String, String> REAL_MARKET =
      Map.of(
          "--market-hours", "600",
          "--late-share", "0.001",
          "--max-lateness", "300000",
          "--subscription-delay", "100",
          "--coincap-assets", "3000",
          "--coinbase-products",
              "BTC-USD,ETH-USD,SOL-USD,XRP-USD,DOGE-USD,ADA-USD,LTC-USD,LINK-USD",
          "--coinbase-history", "10000",
          "--slow-readers", "drop",
          "--slow-reader-bytes", Integer.toString(16 << 20));

  private final ComponentProvider provider;
  private final RunOptions options;
  private final DataDirectory data;

  ComponentFactory(ComponentProvider provider, RunOptions options, DataDirectory data) {
    this.provider = provider;
    this.options = options;
    this.data = data;
  }

  /** Returns the simulator, or empty if no feed is simulated. */
  Optional<FeedSimulator> simulator() {
    if (options.feeds().simulated().isEmpty()) {
      return Optional.empty();
    }
    SimulatorSetup setup =
        new SimulatorSetup(
            options.feeds().simulated().stream().map(Feed::id).collect(Collectors.toSet()),
            options.rate(),
            System.nanoTime());
    ComponentSettings settings = settings("simulator", 0, 256);
    for (Map.Entry<String, String> option : REAL_MARKET.entrySet()) {
      settings = settings.with(option.getKey(), option.getValue());
    }
    return Optional.of(provider.simulator(settings, setup));
  }

  CassandraNode cassandra() {
    return provider.cassandra(settings("cassandra", options.ports().cassandra(), 1024));
  }

  KafkaBroker kafka() {
    return provider.kafka(settings("kafka", options.ports().kafka(), 512));
  }

  /**
   * Returns the Connect worker. Only its environment has the live keys; its connectors refer to
   * them as {@code ${env:…}}.
   */
  ConnectWorker connect(KafkaBroker kafka, Startable... dependencies) {
    // A killed worker stays a member of its group for 60 s, and a new worker of that group would
    // wait for it. No other worker shares this data, and a worker keeps its state in topics.
    // Therefore each run has a group of its own.
    ComponentSettings settings =
        settings("connect", options.ports().connect(), 512)
            .with("group.id", "market-stream-connect-" + System.currentTimeMillis())
            .dependingOn(kafka)
            .dependingOn(dependencies);
    for (String variable : workerVariables()) {
      settings =
          settings.withEnvironment(variable, options.environment().getOrDefault(variable, ""));
    }
    return provider.connect(
        settings,
        ConnectSetup.distributed(
            options.root().resolve("connect-configs/connect-distributed.properties"),
            kafka.bootstrapServers(),
            data.plugins()));
  }

  SparkJob spark(KafkaBroker kafka, Startable... dependencies) {
    ComponentSettings settings =
        settings("spark", 0, 1024, MODEST_RATE_OF_JOB).dependingOn(kafka).dependingOn(dependencies);
    return provider.spark(settings, submission(kafka));
  }

  ReadApi api(CassandraNode cassandra, Startable... dependencies) {
    ComponentSettings settings =
        settings("api", options.ports().apiPort(), 192).dependingOn(dependencies);
    return provider.readApi(settings, cassandra, Tables.KEYSPACE);
  }

  private ComponentSettings settings(String name, int port, int heapMb) {
    return settings(name, port, heapMb, MODEST_RATE);
  }

  private ComponentSettings settings(String name, int port, int heapMb, int modestRate) {
    ComponentSettings settings =
        ComponentSettings.in(data.path(), name, port, heapMb)
            .withTimeouts(options.startTimeout(), ComponentSettings.STOP_TIMEOUT);
    // The optimising compiler takes a third of the CPU time of a start. It pays off only under
    // load. A JVM with one compiler reserves only 48 MB for compiled code, unless told otherwise.
    return options.rate() <= modestRate
        ? settings.withJvmOptions(
            List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m"))
        : settings;
  }

  /**
   * Returns the environment variables for the worker: the keys of live feeds, what else their
   * connectors refer to, and Java's options for a trust store or proxy.
   */
  private Set<String> workerVariables() {
    Set<String> variables = new TreeSet<>();
    ConnectorConfigs configs = new ConnectorConfigs(options.root().resolve("connect-configs"));
    for (Feed feed : options.feeds().live()) {
      feed.keyVariable().ifPresent(variables::add);
      variables.addAll(configs.environmentVariables(feed));
      variables.add("JAVA_TOOL_OPTIONS");
    }
    variables.retainAll(options.environment().keySet());
    return variables;
  }

  private JobSubmission submission(KafkaBroker kafka) {
    Path module = options.root().resolve("spark-job");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap-servers", kafka.bootstrapServers(),
                "--keyspace", Tables.KEYSPACE,
                "--checkpoint", data.checkpoint().toString()));
    if (options.realTime()) {
      // Within the delay that the command status accepts.
      arguments.addAll(List.of("--trigger", "realtime:10s"));
    }
    return new JobSubmission(
        options.realTime() ? SparkRelease.SPARK_4_2 : SparkRelease.SPARK_3_5,
        options.realTime() ? REAL_TIME_MASTER : MASTER,
        Installation.at(options.root()).jar("spark-job"),
        JOB_CLASS,
        Optional.of(module.resolve("conf/market-stream.properties")).filter(Files::exists),
        Map.of(
            "spark.cassandra.connection.host",
            "127.0.0.1",
            "spark.cassandra.connection.port",
            Integer.toString(options.ports().cassandra()),
            "spark.cassandra.connection.localDC",
            CassandraNode.DATACENTER),
        arguments);
  }
}
