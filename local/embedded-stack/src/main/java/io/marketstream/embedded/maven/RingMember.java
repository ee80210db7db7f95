package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A node of a Cassandra ring. Each node has a loopback address of its own. All nodes have the same
 * ports.
 *
 * @param number the node's number, from 1; also the last part of its address
 * @param nodes the number of nodes in the ring
 * @param storagePort the port on which the nodes talk to each other
 */
record RingMember(int number, int nodes, int storagePort) {

  /**
   * Returns a node that is alone. Its storage port may change at a restart, because no other node
   * connects to it.
   */
  static RingMember alone(ComponentSettings node) throws IOException {
    return new RingMember(1, 1, FreePorts.rememberedIn(storagePort(node)));
  }

  /** Returns the members of a ring. The first node's folder stores the shared storage port. */
  static List<RingMember> of(List<ComponentSettings> nodes) throws IOException {
    List<String> hosts = hosts(nodes.size());
    Path file = storagePort(nodes.get(0));
    Files.createDirectories(file.getParent());
    int port = FreePorts.sharedIn(file, hosts);
    return IntStream.rangeClosed(1, nodes.size())
        .mapToObj(number -> new RingMember(number, nodes.size(), port))
        .toList();
  }

  private static Path storagePort(ComponentSettings node) {
    return node.dataDir().resolve("storage.port");
  }

  /** Returns the loopback address of this node. */
  String host() {
    return host(number);
  }

  /** Returns the CQL addresses of all nodes. */
  List<InetSocketAddress> contactPoints(int cqlPort) {
    return hosts(nodes).stream().map(host -> new InetSocketAddress(host, cqlPort)).toList();
  }

  /** Returns the address of the seed, which is always the first node. */
  String seed() {
    return host(1) + ":" + storagePort;
  }

  /** Returns the only token of this node. The tokens divide the ring into equal parts. */
  String initialToken() {
    BigInteger all = BigInteger.ONE.shiftLeft(64);
    return BigInteger.valueOf(Long.MIN_VALUE)
        .add(all.multiply(BigInteger.valueOf(number - 1)).divide(BigInteger.valueOf(nodes)))
        .toString();
  }

  private static List<String> hosts(int nodes) {
    return IntStream.rangeClosed(1, nodes).mapToObj(RingMember::host).toList();
  }

  private static String host(int number) {
    return "127.0.0." + number;
  }
}
