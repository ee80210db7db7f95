package io.marketstream.local.maven;

import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.process.ComponentProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** One broker that is its own controller. */
final class KafkaProcess extends ProcessComponent implements KafkaBroker {
  private final Path logDirectory = settings.dataDir().resolve("data");

  KafkaProcess(ComponentSettings settings, ComponentClasspath classpath) {
    super(settings, classpath);
  }

  @Override
  public String version() {
    return classpath.versionOf("kafka");
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + settings.port();
  }

  @Override
  Launch prepare() throws IOException {
    Path properties =
        PropertiesFile.write(
            settings.dataDir().resolve("server.properties"),
            properties(PrivatePort.rememberedIn(settings.dataDir().resolve("controller.port"))));
    List<String> options =
        List.of("-Dlog4j2.configurationFile=" + unpack("kafka-log4j2.properties").toUri());
    if (!Files.exists(logDirectory.resolve("meta.properties"))) {
      format(properties, options);
    }
    return new Launch(options, "kafka.Kafka", List.of(properties.toString()));
  }

  @Override
  boolean isReady() {
    return !FreePorts.isFree(settings.port()) && answers();
  }

  private void format(Path properties, List<String> options) throws IOException {
    ComponentProcess tool =
        run(
            name() + " (formatting its storage)",
            new Launch(
                options,
                "kafka.tools.StorageTool",
                List.of(
                    "format",
                    "--cluster-id",
                    Uuid.randomUuid().toString(),
                    "--config",
                    properties.toString())));
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
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
    try (Admin admin = Admin.create(client)) {
      return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Map<String, String> properties(int controllerPort) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("process.roles", "broker,controller");
    all.put("node.id", "1");
    all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    all.put("controller.listener.names", "CONTROLLER");
    all.put("inter.broker.listener.name", "PLAINTEXT");
    all.put(
        "listeners",
        "PLAINTEXT://" + bootstrapServers() + ",CONTROLLER://127.0.0.1:" + controllerPort);
    all.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers());
    all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.put("log.dirs", logDirectory.toString());
    all.put("default.replication.factor", "1");
    all.put("min.insync.replicas", "1");
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      all.put(topic + ".replication.factor", "1");
    }
    all.put("transaction.state.log.min.isr", "1");
    all.put("share.coordinator.state.topic.min.isr", "1");
    // One group and one worker: fifty partitions of bookkeeping cost seconds of start-up.
    all.put("offsets.topic.num.partitions", "4");
    all.put("transaction.state.log.num.partitions", "4");
    all.put("group.initial.rebalance.delay.ms", "0");
    // After kill -9 the controller refuses the broker's new life until the old one's session is
    // over: 9 s by default.
    all.put("broker.session.timeout.ms", "3000");
    all.put("broker.heartbeat.interval.ms", "500");
    // The default of 128 MB is a quarter of the heap.
    all.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
    all.putAll(settings.overrides());
    return all;
  }
}
