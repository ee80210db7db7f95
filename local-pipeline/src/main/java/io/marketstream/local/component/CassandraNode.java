package io.marketstream.local.component;

import com.datastax.oss.driver.api.core.CqlSession;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** A single Cassandra node. */
public interface CassandraNode extends Component {
  String DATACENTER = "datacenter1";

  /** Where it speaks CQL. */
  InetSocketAddress cqlAddress();

  /** A new session without a keyspace; the caller closes it. */
  default CqlSession session() {
    return CqlSessions.open(cqlAddress(), Optional.empty());
  }

  /** A new session with a keyspace chosen; the caller closes it. */
  default CqlSession session(String keyspace) {
    return CqlSessions.open(cqlAddress(), Optional.of(keyspace));
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
    try (CqlSession session = CqlSessions.forSchema(cqlAddress())) {
      new CqlSchema(folder, keyspace).apply(session);
    }
  }
}
