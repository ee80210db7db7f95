package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A node's place in its ring: an address of its own, and ports that are the same for all.
 *
 * @param number from 1; also the last part of its address
 * @param nodes how many there are
 * @param storagePort where they talk to each other
 */
record CassandraSeat(int number, int nodes, int storagePort) {

  /** The only node. Its storage port may be another after a restart: nobody else asks it. */
  static CassandraSeat alone(ComponentSettings node) throws IOException {
    return new CassandraSeat(1, 1, PrivatePort.rememberedIn(storagePort(node)));
  }

  /** One seat for each node. The storage port is remembered in the folder of the first. */
  static List<CassandraSeat> of(List<ComponentSettings> nodes) throws IOException {
    List<String> hosts = hosts(nodes.size());
    Path file = storagePort(nodes.get(0));
    Files.createDirectories(file.getParent());
    int port = PrivatePort.sharedIn(file, hosts);
    return IntStream.rangeClosed(1, nodes.size())
        .mapToObj(number -> new CassandraSeat(number, nodes.size(), port))
        .toList();
  }

  private static Path storagePort(ComponentSettings node) {
    return node.dataDir().resolve("storage.port");
  }

  /** Its loopback address. */
  String host() {
    return host(number);
  }

  /** Where it and the others speak CQL. */
  List<InetSocketAddress> contactPoints(int cqlPort) {
    return hosts(nodes).stream().map(host -> new InetSocketAddress(host, cqlPort)).toList();
  }

  /** Whom it asks about the ring: always the first. */
  String seed() {
    return host(1) + ":" + storagePort;
  }

  /**
   * Its one token: every node has an equal part of the ring, and none has to be chosen at random.
   */
  String initialToken() {
    BigInteger all = BigInteger.ONE.shiftLeft(64);
    return BigInteger.valueOf(Long.MIN_VALUE)
        .add(all.multiply(BigInteger.valueOf(number - 1)).divide(BigInteger.valueOf(nodes)))
        .toString();
  }

  private static List<String> hosts(int nodes) {
    return IntStream.rangeClosed(1, nodes).mapToObj(CassandraSeat::host).toList();
  }

  private static String host(int number) {
    return "127.0.0." + number;
  }
}
