package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * A broker's place among the brokers of its cluster.
 *
 * @param nodeId its number, from 1
 * @param clusterId what its storage is formatted for
 * @param brokerPorts where each of them serves clients, by number
 * @param controllerPorts where each of them votes, by number
 */
record KafkaSeat(
    int nodeId, String clusterId, List<Integer> brokerPorts, List<Integer> controllerPorts) {
  /** Kafka's own default for what it keeps for itself. */
  private static final int MOST_REPLICAS = 3;

  KafkaSeat {
    brokerPorts = List.copyOf(brokerPorts);
    controllerPorts = List.copyOf(controllerPorts);
  }

  /** The only broker. Its controller's port may be another after a restart: nobody else asks it. */
  static KafkaSeat alone(ComponentSettings broker) throws IOException {
    return new KafkaSeat(
        1,
        Uuid.randomUuid().toString(),
        List.of(broker.port()),
        List.of(PrivatePort.rememberedIn(controllerPort(broker))));
  }

  /**
   * One seat for each broker. Ports and id are remembered in their folders and do not change as
   * long as the seats are used: a broker comes back to where the others look for it.
   */
  static List<KafkaSeat> of(List<ComponentSettings> brokers) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (ComponentSettings broker : brokers) {
      Files.createDirectories(broker.dataDir());
      ports.add(PrivatePort.rememberedIn(controllerPort(broker)));
    }
    String id = clusterId(brokers.get(0).dataDir().resolve("cluster.id"));
    List<Integer> brokerPorts = brokers.stream().map(ComponentSettings::port).toList();
    return IntStream.rangeClosed(1, brokers.size())
        .mapToObj(number -> new KafkaSeat(number, id, brokerPorts, ports))
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

  /** Where this broker votes. */
  String controller() {
    return address(controllerPorts, nodeId);
  }

  /** Where all brokers serve clients. */
  String brokers() {
    return numbers()
        .mapToObj(number -> address(brokerPorts, number))
        .collect(Collectors.joining(","));
  }

  /** {@code controller.quorum.voters}. */
  String voters() {
    return numbers()
        .mapToObj(number -> number + "@" + address(controllerPorts, number))
        .collect(Collectors.joining(","));
  }

  /** How many brokers keep a partition. */
  int replicas() {
    return Math.min(brokerPorts.size(), MOST_REPLICAS);
  }

  /** How many of them must have a record before it counts as written: one of three may be away. */
  int minInSync() {
    return replicas() < MOST_REPLICAS ? 1 : 2;
  }

  private IntStream numbers() {
    return IntStream.rangeClosed(1, brokerPorts.size());
  }

  private static String address(List<Integer> ports, int number) {
    return "127.0.0.1:" + ports.get(number - 1);
  }
}
