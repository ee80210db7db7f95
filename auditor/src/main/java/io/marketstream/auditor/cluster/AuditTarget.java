package io.marketstream.auditor.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cluster to audit.
 *
 * @param cassandra a node
 * @param datacenter its data centre
 * @param login for Cassandra; empty where it asks for none
 * @param driverConfig a file of settings of Cassandra's Java driver; empty for its defaults
 * @param kafka where the topics are; empty to read no topic
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
