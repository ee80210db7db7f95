package io.marketstream.local.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ComponentProvider;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FeedSimulator;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.ReadApi;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.embedded.start.StartGroup;
import io.marketstream.embedded.start.StartListener;
import io.marketstream.embedded.start.Startable;
import io.marketstream.embedded.start.Step;
import io.marketstream.local.console.Console;
import io.marketstream.local.measure.Measurement;
import io.marketstream.model.Tables;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The components of one local pipeline, and what must start before what. */
public final class LocalStack {
  private static final Map<String, String> TITLES =
      Map.of(
          "simulator", "simulated feeds",
          "cassandra", "Cassandra",
          "kafka", "Kafka",
          "connect", "Kafka Connect",
          "spark", "Spark job",
          "api", "HTTP API");

  private final RunOptions options;
  private final Console console;
  private final Optional<FeedSimulator> simulator;
  private final CassandraNode cassandra;
  private final KafkaBroker kafka;
  private final ConnectWorker connect;
  private final SparkJob spark;
  private final ReadApi api;
  private final ConnectorDeployment connectors;
  private final Startable runningFeeds;
  private volatile @Nullable Measurement measurement; // null until Kafka has started

  /**
   * Makes the components. Starts nothing.
   *
   * @param clock gives the start of the run, from which ticks are counted
   * @throws UsageException if the job or the connectors are not built
   */
  public LocalStack(
      ComponentProvider provider,
      RunOptions options,
      DataDirectory data,
      Console console,
      Clock clock) {
    this.options = options;
    this.console = console;
    ComponentFactory components = new ComponentFactory(provider, options, data);
    simulator = components.simulator();
    cassandra = components.cassandra();
    kafka = components.kafka();

    // Ticks that are sent before the job reads would count as slow.
    Step pausedFeeds =
        Step.of(
            "paused feeds",
            () -> simulator.ifPresent(FeedSimulator::pauseSending),
            simulator.stream().toArray(Startable[]::new));
    Step tables =
        Step.of(
            "tables",
            () -> cassandra.applySchema(options.root().resolve("cassandra-cql"), Tables.KEYSPACE),
            cassandra);
    Step topicReader =
        Step.of("topic reader", () -> measurement = new Measurement(clock, kafka), kafka)
            .undoneBy(this::closeMeasurement);
    Step plugins =
        Step.of("plugins", () -> PluginArchives.installAll(options.root(), data.plugins()));
    connect = components.connect(kafka, topicReader, plugins, pausedFeeds);
    spark = components.spark(kafka, topicReader, tables);
    Step tableReader =
        Step.of(
            "table reader",
            () -> measurement().orElseThrow().readTables(cassandra, Tables.KEYSPACE),
            tables,
            topicReader);
    // After the job, whose start takes longest: the two would share the processor.
    api = components.api(cassandra, tables, spark);

    connectors = new ConnectorDeployment(connect);
    // After the job. Otherwise a feed would seem silent to its connector while the job starts.
    Step runningConnectors =
        Step.of("connectors", this::deployConnectors, connect, spark, tableReader, pausedFeeds);
    runningFeeds =
        Step.of(
            "running feeds",
            () -> simulator.ifPresent(FeedSimulator::resumeSending),
            runningConnectors);
  }

  /**
   * Starts everything and returns once it runs. The simulated feeds send already.
   *
   * @throws ComponentException if something did not start. Nothing runs any more then.
   * @throws CancellationException if the shutdown signal came first. Nothing more is started, but
   *     what has started still runs.
   */
  void start(ShutdownSignal shutdown) {
    new StartGroup(List.of(runningFeeds, api), new Progress(shutdown), LocalStack::stopAfterFailure)
        .start(shutdown.requested());
  }

  private static void stopAfterFailure(Startable startable) {
    if (startable instanceof Component component) {
      component.stop(PipelineRun.STOP_TIMEOUT_AFTER_FAILURE);
    } else {
      startable.stop();
    }
  }

  /** Returns the components in the order in which they stop: readers before what they read from. */
  List<Component> inStopOrder() {
    return Stream.concat(Stream.of(api, spark, connect, kafka, cassandra), simulator.stream())
        .map(Component.class::cast)
        .toList();
  }

  /** Ends all components at once. */
  void kill() {
    inStopOrder().forEach(Component::kill);
  }

  /** Returns what is measured, or empty before Kafka has started. */
  Optional<Measurement> measurement() {
    return Optional.ofNullable(measurement);
  }

  void closeMeasurement() {
    measurement().ifPresent(Measurement::close);
  }

  /** Returns the simulator, or empty if no feed is simulated. */
  Optional<FeedSimulator> simulator() {
    return simulator;
  }

  /** Returns the address of the web page. */
  URI page() {
    return api.address();
  }

  SparkJob spark() {
    return spark;
  }

  Path connectLog() {
    return connect.log();
  }

  ConnectorDeployment connectors() {
    return connectors;
  }

  private void deployConnectors() {
    connectors.requireWorkerOf(kafka.clusterId());
    ConnectorConfigs configs = new ConnectorConfigs(options.root().resolve("connect-configs"));
    for (Feed feed : Feed.values()) {
      if (!options.feeds().active().contains(feed)) {
        connectors.remove(feed.connector());
        continue;
      }
      boolean live = options.feeds().isLive(feed);
      ObjectNode connector =
          live ? configs.live(feed) : configs.simulated(feed, simulator.orElseThrow());
      connectors.deploy(connector);
      console.line(
          "  connector "
              + connector.path("name").asText()
              + ": running, "
              + (live ? "live" : "SIMULATED"));
    }
  }

  /** Shows on the console which component starts, has started, or stops. */
  private final class Progress implements StartListener {
    private final ShutdownSignal shutdown;

    Progress(ShutdownSignal shutdown) {
      this.shutdown = shutdown;
    }

    @Override
    public void starting(Startable startable) {
      if (startable instanceof Component component) {
        console.begin(title(component));
      }
    }

    @Override
    public void started(Startable startable) {
      if (startable instanceof Component component) {
        console.done(title(component), "ready after " + ElapsedTime.format(component.startup()));
      }
    }

    @Override
    public void stopping(Startable startable) {
      if (startable instanceof Component component) {
        shutdown.whileStopping(LocalStack.this::kill);
        console.line("stopping " + component.name());
      }
    }

    private static String title(Component component) {
      return TITLES.getOrDefault(component.name(), component.name()) + " " + component.version();
    }
  }
}
