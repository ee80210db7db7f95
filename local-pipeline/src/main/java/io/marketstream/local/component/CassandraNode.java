package io.marketstream.local.component;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** A single Cassandra node. */
public interface CassandraNode extends Component {
  String DATACENTER = "datacenter1";

  /** Where it speaks CQL. */
  InetSocketAddress cqlAddress();

  /** A new session without a keyspace; the caller closes it. */
  default CqlSession session() {
    DriverConfigLoader patience =
        DriverConfigLoader.programmaticBuilder()
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
            .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10))
            .withDuration(
                DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, Duration.ofSeconds(10))
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(10))
            .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5))
            .build();
    return CqlSession.builder()
        .addContactPoint(cqlAddress())
        .withLocalDatacenter(DATACENTER)
        .withConfigLoader(patience)
        .build();
  }

  /**
   * Applies the {@code *.cql} files of a folder in the order of their names.
   *
   * @param keyspace takes the place of {@code market_data} in the first file and is chosen for the
   *     others
   * @throws io.marketstream.local.process.ComponentFailure naming the file and statement that
   *     Cassandra refused
   */
  default void applySchema(Path folder, String keyspace) {
    try (CqlSession session = session()) {
      new CqlSchema(folder, keyspace).apply(session);
    }
  }
}
