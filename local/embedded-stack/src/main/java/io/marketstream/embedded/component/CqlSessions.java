package io.marketstream.embedded.component;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Opens CQL sessions with longer timeouts than the driver's defaults, because the nodes share a
 * small machine with all other components.
 */
final class CqlSessions {
  private CqlSessions() {}

  static CqlSession open(List<InetSocketAddress> nodes, Optional<String> keyspace) {
    return build(nodes, keyspace, patient());
  }

  /**
   * Opens a session for changes of the schema. It does not load schema metadata, because that takes
   * a second per change.
   */
  static CqlSession forSchema(List<InetSocketAddress> nodes) {
    return build(
        nodes,
        Optional.empty(),
        patient()
            .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
            .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false));
  }

  private static ProgrammaticDriverConfigLoaderBuilder patient() {
    return DriverConfigLoader.programmaticBuilder()
        // As the job writes. A single replica may lack rows that the others have.
        .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10))
        .withDuration(DefaultDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, Duration.ofSeconds(10))
        .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, Duration.ofSeconds(10))
        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(10))
        .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5));
  }

  private static CqlSession build(
      List<InetSocketAddress> nodes,
      Optional<String> keyspace,
      ProgrammaticDriverConfigLoaderBuilder config) {
    return CqlSession.builder()
        .addContactPoints(nodes)
        .withLocalDatacenter(CassandraNode.DATACENTER)
        .withConfigLoader(config.build())
        .withKeyspace(keyspace.orElse(null))
        .build();
  }
}
