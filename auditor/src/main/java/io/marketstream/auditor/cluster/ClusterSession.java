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
import org.jspecify.annotations.Nullable;

/** Opens sessions with Cassandra. */
public final class ClusterSession {
  private ClusterSession() {}

  /**
   * Opens a session with the keyspace; the caller closes it.
   *
   * @throws com.datastax.oss.driver.api.core.DriverException if Cassandra cannot be reached
   * @throws AuditRefusedException if the file with driver settings cannot be used
   */
  public static CqlSession open(AuditTarget target) {
    try {
      return builder(target).build();
    } catch (DriverException e) {
      throw e;
    } catch (RuntimeException e) { // a file or class that the settings name cannot be used
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

  /** Settings of this class take precedence over the file, or over the driver's defaults. */
  private static DriverConfigLoader config(Optional<Path> file) {
    OptionsMap ours = new OptionsMap();
    // The job writes at LOCAL_QUORUM, so a row that only one replica lacks is not lost.
    ours.put(TypedDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM");
    // The audit reads whole partitions from nodes that are busy with writes.
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

  private static @Nullable String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
