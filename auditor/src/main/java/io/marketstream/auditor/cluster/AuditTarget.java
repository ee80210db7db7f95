package io.marketstream.auditor.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cluster to audit.
 *
 * @param cassandra one of its nodes
 * @param datacenter the data centre of the node
 * @param login the login for Cassandra; empty if it needs none
 * @param driverConfig a file with settings of Cassandra's Java driver; empty for its defaults
 * @param kafka the brokers and topics; empty to read no topic
 */
public record AuditTarget(
    InetSocketAddress cassandra,
    String datacenter,
    String keyspace,
    Optional<Login> login,
    Optional<Path> driverConfig,
    Optional<AuditedTopics> kafka) {

  /** A user of Cassandra. */
  public record Login(String username, String password) {
    @Override
    public String toString() {
      return username;
    }
  }
}
