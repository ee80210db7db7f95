package io.marketstream.api.cassandra;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which cluster is read, and how.
 *
 * @param contactPoints nodes of the cluster, at least one
 * @param datacenter the data centre of the nodes that are asked
 * @param driverConfig settings of Cassandra's Java driver (HOCON), for TLS
 * @param login the role to log in as
 */
public record ClusterSettings(
    List<InetSocketAddress> contactPoints,
    String datacenter,
    String keyspace,
    Optional<Path> driverConfig,
    Optional<Login> login) {

  /** The nodes as an option names them, for messages. */
  String nodes() {
    return contactPoints.stream()
        .map(each -> each.getHostString() + ":" + each.getPort())
        .collect(Collectors.joining(","));
  }

  /** A role and its password. */
  public record Login(String username, String password) {
    @Override
    public String toString() {
      return username;
    }
  }
}
