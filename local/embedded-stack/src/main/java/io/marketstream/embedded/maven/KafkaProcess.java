package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.process.ComponentProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;

/** A Kafka broker as a process. It is also a controller. */
final class KafkaProcess extends ProcessComponent implements KafkaBroker {
  private final Path logDirectory = settings.dataDir().resolve("data");
  private final Optional<BrokerIdentity> inCluster;

  /**
   * @param inCluster the identity in a cluster; empty for a broker that is alone
   */
  KafkaProcess(
      ComponentSettings settings,
      ComponentClasspath classpath,
      Optional<BrokerIdentity> inCluster) {
    super(settings, classpath);
    this.inCluster = inCluster;
  }

  @Override
  public String version() {
    return classpath.versionOf("kafka");
  }

  @Override
  public String bootstrapServers() {
    return inCluster.map(BrokerIdentity::brokers).orElse(address());
  }

  private String address() {
    return "127.0.0.1:" + settings.port();
  }

  @Override
  Launch prepare() throws IOException {
    BrokerIdentity identity =
        inCluster.isPresent() ? inCluster.get() : BrokerIdentity.alone(settings);
    Path properties =
        PropertiesFile.write(settings.dataDir().resolve("server.properties"), properties(identity));
    List<String> options =
        List.of("-Dlog4j2.configurationFile=" + unpack("kafka-log4j2.properties").toUri());
    if (!Files.exists(logDirectory.resolve("meta.properties"))) {
      format(identity.clusterId(), properties, options);
    }
    return new Launch(options, "kafka.Kafka", List.of(properties.toString()));
  }

  @Override
  boolean isReady() {
    return FreePorts.isServed(settings.port()) && answers();
  }

  private void format(String clusterId, Path properties, List<String> options) throws IOException {
    ComponentProcess tool =
        run(
            name() + " (formatting its storage)",
            new Launch(
                options,
                "kafka.tools.StorageTool",
                List.of("format", "--cluster-id", clusterId, "--config", properties.toString())));
    if (!tool.awaitExit(Duration.ofSeconds(60))) {
      tool.kill();
    }
    if (tool.exitCode().orElse(-1) != 0) {
      throw tool.failure("failed");
    }
  }

  private boolean answers() {
    Map<String, Object> client =
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address(),
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
    try (Admin admin = Admin.create(client)) {
      DescribeClusterResult cluster = admin.describeCluster();
      requireOwnServer(clusterId(), cluster.clusterId().get(3, TimeUnit.SECONDS));
      return !cluster.nodes().get(3, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Checks that this broker answers: another one may have taken the port during the start. */
  void requireOwnServer(String own, String found) {
    if (!own.equals(found)) {
      throw foreign("a broker of the Kafka cluster " + found);
    }
  }

  @Override
  public String clusterId() {
    Properties meta = new Properties();
    Path file = logDirectory.resolve("meta.properties");
    try (InputStream in = Files.newInputStream(file)) {
      meta.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return meta.getProperty("cluster.id", "");
  }

  private Map<String, String> properties(BrokerIdentity identity) {
    String replicas = Integer.toString(identity.replicas());
    String minInSync = Integer.toString(identity.minInSync());
    Map<String, String> all = new LinkedHashMap<>();
    all.put("process.roles", "broker,controller");
    all.put("node.id", Integer.toString(identity.nodeId()));
    all.put("controller.quorum.voters", identity.voters());
    all.put("controller.listener.names", "CONTROLLER");
    all.put("inter.broker.listener.name", "PLAINTEXT");
    all.put("listeners", "PLAINTEXT://" + address() + ",CONTROLLER://" + identity.controller());
    all.put("advertised.listeners", "PLAINTEXT://" + address());
    all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.put("log.dirs", logDirectory.toString());
    all.put("default.replication.factor", replicas);
    all.put("min.insync.replicas", minInSync);
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      all.put(topic + ".replication.factor", replicas);
    }
    all.put("transaction.state.log.min.isr", minInSync);
    all.put("share.coordinator.state.topic.min.isr", minInSync);
    // There are few groups. The default of fifty partitions costs seconds at each start.
    all.put("offsets.topic.num.partitions", "4");
    all.put("transaction.state.log.num.partitions", "4");
    all.put("group.initial.rebalance.delay.ms", "0");
    if (inCluster.isEmpty()) {
      // After kill -9, the controller refuses the restarted broker until the old session ends: 9 s
      // by default. In a cluster, a shorter session could end for a broker that is only slow.
      all.put("broker.session.timeout.ms", "3000");
      all.put("broker.heartbeat.interval.ms", "500");
    }
    // The default of 128 MB is a quarter of the heap.
    all.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
    all.putAll(settings.overrides());
    return all;
  }
}
