package io.marketstream.pipeline.containers;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.KafkaBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * A broker that is alone, as the image {@code apache/kafka} runs it: its settings are environment
 * variables, and its data are in the image's volume.
 */
final class BrokerContainer extends ContainerComponent implements KafkaBroker {
  private final String clusterId = Uuid.randomUuid().toString();
  private final int controllerPort = FreePorts.next();

  BrokerContainer(ComponentSettings settings, String image) {
    super(settings, image);
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + settings.port();
  }

  @Override
  public String clusterId() {
    return clusterId;
  }

  @Override
  Launch prepare() {
    Map<String, String> environment = new HashMap<>();
    environment.put("CLUSTER_ID", clusterId);
    environment.put("KAFKA_HEAP_OPTS", "-Xmx" + settings.heapMb() + "m");
    environment.put("KAFKA_OPTS", String.join(" ", settings.jvmOptions()));
    properties().forEach((key, value) -> environment.put(variable(key), value));
    environment.putAll(settings.environment());
    return new Launch(List.of("/etc/kafka/docker/run"), environment, Optional.empty(), Set.of());
  }

  private Map<String, String> properties() {
    String controller = "127.0.0.1:" + controllerPort;
    Map<String, String> all = new HashMap<>();
    all.put("node.id", "1");
    all.put("process.roles", "broker,controller");
    all.put("controller.quorum.voters", "1@" + controller);
    all.put("controller.listener.names", "CONTROLLER");
    all.put("inter.broker.listener.name", "PLAINTEXT");
    all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.put("listeners", "PLAINTEXT://" + bootstrapServers() + ",CONTROLLER://" + controller);
    all.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers());
    all.put("log.dirs", "/var/lib/kafka/data");
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      all.put(topic + ".replication.factor", "1");
    }
    all.put("transaction.state.log.min.isr", "1");
    all.put("share.coordinator.state.topic.min.isr", "1");
    // As for a broker that is a process: quick starts, also after a kill.
    all.put("offsets.topic.num.partitions", "4");
    all.put("transaction.state.log.num.partitions", "4");
    all.put("group.initial.rebalance.delay.ms", "0");
    all.put("broker.session.timeout.ms", "3000");
    all.put("broker.heartbeat.interval.ms", "500");
    all.put("log.cleaner.dedupe.buffer.size", "16777216");
    all.putAll(settings.overrides());
    return all;
  }

  private static String variable(String property) {
    return "KAFKA_" + property.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  boolean isReady() {
    if (!FreePorts.isServed(settings.port())) {
      return false;
    }
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
}
