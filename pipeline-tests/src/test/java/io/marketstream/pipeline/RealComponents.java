package io.marketstream.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.local.component.CassandraNode;
import io.marketstream.local.component.Component;
import io.marketstream.local.component.ComponentProvider;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectRest;
import io.marketstream.local.component.ConnectSetup;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.JobSubmission;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.component.SparkJob;
import io.marketstream.local.maven.MavenComponents;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The real pipeline on free ports in a folder of its own: Kafka, Connect with the built plugin
 * zips, Cassandra with our schema, and the job by SparkSubmit. Its feeds are simulators inside the
 * test, so that a test sends what it wants.
 */
final class RealComponents implements AutoCloseable {

  static final Path ROOT = Path.of(System.getProperty("marketstream.root"));
  static final String KEYSPACE = "market_data";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final ComponentProvider provider = new MavenComponents(ROOT);
  private final List<Component> started = new ArrayList<>();
  final KafkaBroker kafka;
  final ConnectWorker connect;
  final CassandraNode cassandra;
  final SparkJob job;

  RealComponents(Path home) {
    this.home = home;
    kafka = provider.kafka(settings("kafka", FreePorts.next(), 384));
    connect =
        provider.connect(
            settings("connect", FreePorts.next(), 384)
                // A killed worker stays a member of its group for this long: a minute is too long
                // for a test.
                .with("session.timeout.ms", "10000")
                .with("heartbeat.interval.ms", "3000")
                .with("scheduled.rebalance.max.delay.ms", "1000"),
            ConnectSetup.distributed(
                ROOT.resolve("connect-configs/connect-distributed.properties"),
                kafka.bootstrapServers(),
                home.resolve("plugins")));
    cassandra = provider.cassandra(settings("cassandra", FreePorts.next(), 1024));
    job = provider.spark(settings("job", 0, 1024), submission());
  }

  private ComponentSettings settings(String name, int port, int heapMb) {
    return ComponentSettings.in(home, name, port, heapMb);
  }

  private JobSubmission submission() {
    return new JobSubmission(
        "local[2]",
        jobJar(),
        "io.marketstream.spark.MarketDataJob",
        Optional.of(ROOT.resolve("spark-job/conf/market-stream.properties")),
        Map.of(
            "spark.cassandra.connection.host",
            "127.0.0.1",
            "spark.cassandra.connection.port",
            String.valueOf(cassandra.cqlAddress().getPort())),
        List.of(
            "--bootstrap-servers",
            kafka.bootstrapServers(),
            "--keyspace",
            KEYSPACE,
            "--checkpoint",
            home.resolve("checkpoint").toUri().toString(),
            "--candles",
            "1m,1h"));
  }

  private static Path jobJar() {
    try (var jars = Files.newDirectoryStream(ROOT.resolve("spark-job/target"), "spark-job-*.jar")) {
      for (Path jar : jars) {
        return jar;
      }
      throw new IllegalStateException("spark-job is not built: run mvn verify from the root");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts everything, Cassandra with the schema, the worker with the plugins. */
  RealComponents start() throws IOException {
    for (Feed feed : Feed.values()) {
      PluginArchives.unpack(PluginArchives.find(ROOT, feed), home.resolve("plugins"));
    }
    for (Component component : List.of(cassandra, kafka, connect)) {
      component.start();
      started.add(component);
    }
    cassandra.applySchema(ROOT.resolve("cassandra-cql"), KEYSPACE);
    return this;
  }

  void startJob() {
    started.add(job);
    job.start();
  }

  /** POSTs connect-configs/finnhub-source.json for the simulated feed. */
  void createFinnhub(FinnhubSimulator feed, String symbols) {
    create(
        "finnhub-source.json",
        Map.of(
            "finnhub.token",
            FinnhubSimulator.DEFAULT_TOKEN,
            "finnhub.websocket.url",
            feed.url(),
            "finnhub.symbols",
            symbols,
            "finnhub.subscribe.interval.ms",
            "1",
            "reconnect.backoff.ms",
            "100",
            "source.name",
            "finnhub-sim"));
  }

  /** POSTs connect-configs/coincap-source.json for the simulated feed. */
  void createCoinCap(CoinCapSimulator feed, String assets) {
    create(
        "coincap-source.json",
        Map.of(
            "coincap.api.key",
            CoinCapSimulator.DEFAULT_API_KEY,
            "coincap.websocket.url",
            feed.url(),
            "coincap.assets",
            assets,
            "reconnect.backoff.ms",
            "100",
            "source.name",
            "coincap-sim"));
  }

  private void create(String file, Map<String, String> overlay) {
    try {
      ObjectNode connector =
          (ObjectNode) JSON.readTree(ROOT.resolve("connect-configs").resolve(file).toFile());
      ObjectNode config = (ObjectNode) connector.get("config");
      overlay.forEach(config::put);
      new ConnectRest(connect.restUri()).create(JSON.writeValueAsString(connector));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops in the order in which the pipeline drains: job, worker, Kafka, Cassandra. */
  @Override
  public void close() {
    for (Component component : List.of(job, connect, kafka, cassandra)) {
      if (started.contains(component)) {
        component.stop();
      }
    }
  }
}
