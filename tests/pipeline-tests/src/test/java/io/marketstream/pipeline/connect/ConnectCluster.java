package io.marketstream.pipeline.connect;

import io.marketstream.local.component.ComponentProvider;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectMode;
import io.marketstream.local.component.ConnectRelease;
import io.marketstream.local.component.ConnectSetup;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.maven.MavenComponents;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A broker and one Connect worker of the release under test with the plugin zips as the build made
 * them, on free ports. Made stopped; the worker may be killed and started again.
 */
final class ConnectCluster implements AutoCloseable {

  static final Path ROOT = Path.of(System.getProperty("marketstream.root"));

  /** {@code -Dmarketstream.connect.release=3.5}: another worker than the newest. */
  static final ConnectRelease RELEASE =
      ConnectRelease.of(System.getProperty("marketstream.connect.release", "newest"));

  /** What the files of connect-configs/ refer to as {@code ${env:…}}. */
  static final Map<String, String> FEED_KEYS =
      Map.of(
          "FINNHUB_TOKEN", FinnhubSimulator.DEFAULT_TOKEN,
          "FINNHUB_TOKEN_2", "simulated-finnhub-token-2",
          "COINCAP_API_KEY", CoinCapSimulator.DEFAULT_API_KEY);

  final KafkaBroker kafka;
  final ConnectWorker worker;
  final WorkerMetrics metrics;

  private ConnectCluster(KafkaBroker kafka, ConnectWorker worker, int jmxPort) {
    this.kafka = kafka;
    this.worker = worker;
    this.metrics = new WorkerMetrics(jmxPort);
  }

  /** A worker started from connect-configs/connect-distributed.properties. */
  static ConnectCluster distributed(Path home) {
    return new Builder(home, ConnectMode.DISTRIBUTED)
        // A killed worker stays a member of its group for this long: a minute is too long for a
        // test.
        .worker("session.timeout.ms", "10000")
        .worker("heartbeat.interval.ms", "3000")
        .worker("scheduled.rebalance.max.delay.ms", "1000")
        .worker("offset.flush.interval.ms", "1000")
        // Five seconds each, where a busy machine may pause for as long.
        .worker("task.shutdown.graceful.timeout.ms", "20000")
        .worker("offset.flush.timeout.ms", "20000")
        .build();
  }

  /** A worker started from connect-configs/connect-standalone.properties. */
  static ConnectCluster standalone(Path home) {
    return new Builder(home, ConnectMode.STANDALONE)
        .worker("offset.flush.interval.ms", "1000")
        .build();
  }

  /** A cluster with other settings. */
  static Builder with(Path home, ConnectMode mode) {
    return new Builder(home, mode);
  }

  ConnectCluster start() {
    kafka.start();
    try {
      worker.start();
    } catch (RuntimeException e) {
      kafka.stop();
      throw e;
    }
    return this;
  }

  @Override
  public void close() {
    worker.stop();
    kafka.stop();
  }

  static final class Builder {
    private final Path home;
    private final ConnectMode mode;
    private final int kafkaPort = FreePorts.next();
    private final Map<String, String> kafkaSettings = new HashMap<>();
    private final Map<String, String> workerSettings = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>(FEED_KEYS);
    private String workerFile;
    private final List<String> workerJvmOptions = new ArrayList<>();
    private int heapMb = 384;

    private Builder(Path home, ConnectMode mode) {
      this.home = home;
      this.mode = mode;
      this.workerFile =
          mode == ConnectMode.DISTRIBUTED
              ? "connect-distributed.properties"
              : "connect-standalone.properties";
    }

    /** Another file of connect-configs/ for the worker to start from. */
    Builder workerFile(String name) {
      workerFile = name;
      return this;
    }

    /** The port of the broker's listener without encryption, which it always has. */
    int kafkaPort() {
      return kafkaPort;
    }

    Builder kafka(String key, String value) {
      kafkaSettings.put(key, value);
      return this;
    }

    Builder worker(String key, String value) {
      workerSettings.put(key, value);
      return this;
    }

    Builder workerEnvironment(String key, String value) {
      environment.put(key, value);
      return this;
    }

    Builder workerJvmOption(String option) {
      workerJvmOptions.add(option);
      return this;
    }

    Builder workerHeapMb(int heap) {
      heapMb = heap;
      return this;
    }

    ConnectCluster build() {
      ComponentProvider provider = new MavenComponents(ROOT);
      KafkaBroker kafka = provider.kafka(settings("kafka", kafkaPort, 384, kafkaSettings));
      int jmxPort = FreePorts.next();
      List<String> options = new ArrayList<>(ComponentJvm.options());
      options.addAll(WorkerMetrics.jvmOptions(jmxPort));
      options.addAll(workerJvmOptions);
      ComponentSettings settings =
          settings("connect", FreePorts.next(), heapMb, workerSettings).withJvmOptions(options);
      for (Map.Entry<String, String> variable : environment.entrySet()) {
        settings = settings.withEnvironment(variable.getKey(), variable.getValue());
      }
      ConnectSetup setup =
          new ConnectSetup(
              RELEASE,
              mode,
              ROOT.resolve("connect-configs").resolve(workerFile),
              workerSettings.getOrDefault("bootstrap.servers", kafka.bootstrapServers()),
              unpackedPlugins());
      return new ConnectCluster(kafka, provider.connect(settings, setup), jmxPort);
    }

    private ComponentSettings settings(
        String name, int port, int heap, Map<String, String> overrides) {
      ComponentSettings settings =
          ComponentSettings.in(home, name, port, heap).withJvmOptions(ComponentJvm.options());
      for (Map.Entry<String, String> override : overrides.entrySet()) {
        settings = settings.with(override.getKey(), override.getValue());
      }
      return settings;
    }

    private Path unpackedPlugins() {
      Path plugins = home.resolve("plugins");
      try {
        for (Feed feed : Feed.values()) {
          PluginArchives.unpack(PluginArchives.find(ROOT, feed), plugins);
        }
      } catch (IOException e) {
        throw new AssertionError("The plugin zips cannot be unpacked", e);
      }
      return plugins;
    }
  }
}
