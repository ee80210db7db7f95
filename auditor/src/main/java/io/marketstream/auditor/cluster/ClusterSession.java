package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Sessions with a cluster that somebody else runs. */
public final class ClusterSession {
  private ClusterSession() {}

  /**
   * Opens a session with the keyspace chosen; the caller closes it.
   *
   * @throws com.datastax.oss.driver.api.core.DriverException if it cannot be had
   * @throws AuditRefusedException if the file of settings cannot be used
   */
  public static CqlSession open(AuditTarget target) {
    try {
      return builder(target).build();
    } catch (DriverException e) {
      throw e;
    } catch (RuntimeException e) { // what its settings name cannot be read or made
      throw target
          .driverConfig()
          .<RuntimeException>map(
              file ->
                  new AuditRefusedException(
                      "--cassandra-config " + file + ": " + rootMessage(e), e))
          .orElse(e);
    }
  }

  private static CqlSessionBuilder builder(AuditTarget target) {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .addContactPoint(target.cassandra())
            .withLocalDatacenter(target.datacenter())
            .withKeyspace(target.keyspace())
            .withConfigLoader(config(target.driverConfig()));
    target
        .login()
        .ifPresent(login -> builder.withAuthCredentials(login.username(), login.password()));
    return builder;
  }

  /** The file's settings, or the driver's own, below ours. */
  private static DriverConfigLoader config(Optional<Path> file) {
    OptionsMap ours = new OptionsMap();
    // The job writes at LOCAL_QUORUM: what one copy alone lacks is not lost.
    ours.put(TypedDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM");
    // Whole partitions are read, from nodes that are busy with writes.
    ours.put(TypedDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30));
    ours.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10));
    ours.put(TypedDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, Duration.ofSeconds(10));
    ours.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(10));
    DriverConfigLoader others =
        file.map(DriverConfigLoader::fromPath)
            .orElseGet(
                () -> DriverConfigLoader.fromDefaults(ClusterSession.class.getClassLoader()));
    return DriverConfigLoader.compose(DriverConfigLoader.fromMap(ours), others);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
