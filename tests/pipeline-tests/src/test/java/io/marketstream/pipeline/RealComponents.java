package io.marketstream.pipeline;

import io.marketstream.local.component.CassandraNode;
import io.marketstream.local.component.Component;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.component.SparkJob;
import io.marketstream.local.component.SparkWorker;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The real pipeline on free ports in a folder of its own: Kafka, Connect with the built plugin
 * zips, Cassandra with our schema, and the job by SparkSubmit. Its feeds are simulators inside the
 * test, so that a test sends what it wants.
 */
public final class RealComponents implements AutoCloseable {

  public static final Path ROOT = Path.of(System.getProperty("marketstream.root"));
  public static final String KEYSPACE = "market_data";

  /** The {@code source} of each feed's ticks. */
  public static final String FINNHUB = "finnhub-sim";

  public static final String COINCAP = "coincap-sim";

  private final Path home;
  private final PipelineComponents components;
  private final List<Component> started = new CopyOnWriteArrayList<>();

  public final List<KafkaBroker> brokers;
  public final List<ConnectWorker> workers;
  public final List<CassandraNode> nodes;

  /** Of a standalone cluster; none where driver and executor are one JVM. */
  public final List<SparkWorker> sparkWorkers;

  /** The first broker; what clients are told of it leads to the others too. */
  public final KafkaBroker kafka;

  /** The first worker. */
  public final ConnectWorker connect;

  /** The first node; what clients are told of it leads to the others too. */
  public final CassandraNode cassandra;

  public final SparkJob job;

  /** One of each, and the job in one JVM. */
  public RealComponents(Path home) {
    this(home, PipelineComponents.single(home, PipelineComponents.QUICK_WORKER));
  }

  /** One whose worker keeps the timeouts of connect-configs/. */
  public static RealComponents withShippedWorker(Path home) {
    return new RealComponents(home, PipelineComponents.single(home, Map.of()));
  }

  /**
   * Three brokers, three nodes and two workers; the job on a master and two workers of Spark. Every
   * topic and table has three copies.
   */
  public static RealComponents clustered(Path home) {
    return new RealComponents(home, PipelineComponents.clustered(home));
  }

  private RealComponents(Path home, PipelineComponents components) {
    this.home = home;
    this.components = components;
    brokers = components.brokers();
    workers = components.workers();
    nodes = components.nodes();
    sparkWorkers =
        components.sparkCluster().map(PipelineComponents.SparkCluster::workers).orElse(List.of());
    kafka = brokers.get(0);
    connect = workers.get(0);
    cassandra = nodes.get(0);
    job = components.job();
  }

  /** Starts everything, Cassandra with the schema, the worker with the plugins. */
  public RealComponents start() throws IOException {
    for (Feed feed : Feed.values()) {
      PluginArchives.unpack(PluginArchives.find(ROOT, feed), home.resolve("plugins"));
    }
    nodes.forEach(this::start); // one after the other: a ring wants it so
    Together.on(brokers, this::start);
    Together.on(workers, this::start);
    if (nodes.size() > 1) {
      components.createReplicatedKeyspace();
    }
    cassandra.applySchema(ROOT.resolve("cassandra-cql"), KEYSPACE);
    return this;
  }

  public void startJob() {
    components.sparkCluster().ifPresent(spark -> spark.components().forEach(this::start));
    start(job);
  }

  /**
   * Whatever was started goes on: what is frozen or down, and a node that closed its port.
   *
   * @throws RuntimeException the first that was thrown, once all was tried
   */
  public void revive() {
    RuntimeException failure = null;
    for (Component component : started) {
      try {
        revive(component);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void revive(Component component) {
    if (component.isRunning()) {
      component.resume();
    }
    if (component instanceof CassandraNode node
        && FreePorts.isFree(node.cqlAddress().getHostString(), node.cqlAddress().getPort())) {
      component.stop();
    }
    if (!component.isRunning()) {
      component.start();
    }
  }

  private void start(Component component) {
    started.add(component);
    component.start();
  }

  /** POSTs connect-configs/finnhub-source.json for the simulated feed. */
  public void createFinnhub(FinnhubSimulator feed, String symbols, Map<String, String> settings) {
    new ShippedConnectors(connect.restUri()).createFinnhub(feed, symbols, settings);
  }

  /** POSTs connect-configs/coincap-source.json for the simulated feed. */
  public void createCoinCap(CoinCapSimulator feed, String assets, Map<String, String> settings) {
    new ShippedConnectors(connect.restUri()).createCoinCap(feed, assets, settings);
  }

  /** Stops in the order in which the pipeline drains: job, worker, Kafka, Cassandra. */
  @Override
  public void close() {
    List<List<? extends Component>> order =
        List.of(
            List.of(job),
            components.sparkCluster().map(spark -> spark.components()).orElse(List.of()),
            workers,
            brokers,
            nodes);
    for (List<? extends Component> group : order) {
      Together.on(group.stream().filter(started::contains).toList(), Component::stop);
    }
  }
}
