package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * Identifies a broker within its Kafka cluster: its node id, and the addresses of all brokers.
 *
 * @param nodeId the broker's number, from 1
 * @param clusterId the id of the cluster, written into the storage of each broker
 * @param brokerPorts the port on which each broker serves clients, by number
 * @param controllerPorts the port of each broker's controller, by number
 */
record BrokerIdentity(
    int nodeId, String clusterId, List<Integer> brokerPorts, List<Integer> controllerPorts) {
  /** Kafka's default for its internal topics. */
  private static final int MAX_REPLICAS = 3;

  BrokerIdentity {
    brokerPorts = List.copyOf(brokerPorts);
    controllerPorts = List.copyOf(controllerPorts);
  }

  /**
   * Returns the identity of a broker that is alone. The controller's port may change at a restart,
   * because no other broker connects to it.
   */
  static BrokerIdentity alone(ComponentSettings broker) throws IOException {
    return new BrokerIdentity(
        1,
        Uuid.randomUuid().toString(),
        List.of(broker.port()),
        List.of(FreePorts.rememberedIn(controllerPort(broker))));
  }

  /**
   * Returns an identity for each broker of one cluster. The controller ports and the cluster id are
   * stored in the brokers' folders, so that a restarted broker has the same address.
   */
  static List<BrokerIdentity> of(List<ComponentSettings> brokers) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (ComponentSettings broker : brokers) {
      Files.createDirectories(broker.dataDir());
      ports.add(FreePorts.rememberedIn(controllerPort(broker)));
    }
    String id = clusterId(brokers.get(0).dataDir().resolve("cluster.id"));
    List<Integer> brokerPorts = brokers.stream().map(ComponentSettings::port).toList();
    return IntStream.rangeClosed(1, brokers.size())
        .mapToObj(number -> new BrokerIdentity(number, id, brokerPorts, ports))
        .toList();
  }

  private static Path controllerPort(ComponentSettings broker) {
    return broker.dataDir().resolve("controller.port");
  }

  private static String clusterId(Path file) throws IOException {
    // A full disk may have left an empty file.
    if (!Files.exists(file) || Files.size(file) == 0) {
      Files.writeString(file, Uuid.randomUuid().toString());
    }
    return Files.readString(file).strip();
  }

  /** Returns the address of this broker's controller. */
  String controller() {
    return address(controllerPorts, nodeId);
  }

  /** Returns the addresses of all brokers, for clients. */
  String brokers() {
    return numbers()
        .mapToObj(number -> address(brokerPorts, number))
        .collect(Collectors.joining(","));
  }

  /** Returns the value of {@code controller.quorum.voters}. */
  String voters() {
    return numbers()
        .mapToObj(number -> number + "@" + address(controllerPorts, number))
        .collect(Collectors.joining(","));
  }

  /** Returns the replication factor of topics. */
  int replicas() {
    return Math.min(brokerPorts.size(), MAX_REPLICAS);
  }

  /** Returns {@code min.insync.replicas}. One of three brokers may be down. */
  int minInSync() {
    return replicas() < MAX_REPLICAS ? 1 : 2;
  }

  private IntStream numbers() {
    return IntStream.rangeClosed(1, brokerPorts.size());
  }

  private static String address(List<Integer> ports, int number) {
    return "127.0.0.1:" + ports.get(number - 1);
  }
}
