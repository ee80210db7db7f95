package io.marketstream.audit.job;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.cluster.AuditTarget;
import io.marketstream.auditor.cluster.ClusterSession;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How executors reach Cassandra.
 *
 * @param username null if Cassandra needs no login
 * @param password null if Cassandra needs no login
 * @param driverConfig a file that each executor has; null for the driver's defaults
 */
record CassandraAccess(
    InetSocketAddress node,
    String datacenter,
    String keyspace,
    @Nullable String username,
    @Nullable String password,
    @Nullable String driverConfig)
    implements Serializable {

  static CassandraAccess of(AuditTarget target) {
    return new CassandraAccess(
        target.cassandra(),
        target.datacenter(),
        target.keyspace(),
        target.login().map(AuditTarget.Login::username).orElse(null),
        target.login().map(AuditTarget.Login::password).orElse(null),
        target.driverConfig().map(Path::toString).orElse(null));
  }

  /** The caller closes it. */
  CqlSession open() {
    return ClusterSession.open(
        new AuditTarget(
            node,
            datacenter,
            keyspace,
            username == null || password == null
                ? Optional.empty()
                : Optional.of(new AuditTarget.Login(username, password)),
            Optional.ofNullable(driverConfig).map(Path::of),
            Optional.empty()));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return node + " " + keyspace;
  }
}
