package io.marketstream.embedded.component;

import com.datastax.oss.driver.api.core.CqlSession;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A Cassandra node, alone or of a ring. */
public interface CassandraNode extends Component {
  String DATACENTER = "datacenter1";

  /** Where it speaks CQL. */
  InetSocketAddress cqlAddress();

  /** Where it and the other nodes of its ring speak CQL. */
  default List<InetSocketAddress> contactPoints() {
    return List.of(cqlAddress());
  }

  /** A new session without a keyspace; the caller closes it. */
  default CqlSession session() {
    return CqlSessions.open(contactPoints(), Optional.empty());
  }

  /** The same, had from this node and from no other of its ring. */
  default CqlSession directSession() {
    return CqlSessions.open(List.of(cqlAddress()), Optional.empty());
  }

  /** A new session with a keyspace chosen; the caller closes it. */
  default CqlSession session(String keyspace) {
    return CqlSessions.open(contactPoints(), Optional.of(keyspace));
  }

  /**
   * Applies the {@code *.cql} files of a folder in the order of their names.
   *
   * @param keyspace takes the place of {@code market_data} in the first file and is chosen for the
   *     others
   * @throws io.marketstream.embedded.process.ComponentException naming the file and statement that
   *     Cassandra refused
   */
  default void applySchema(Path folder, String keyspace) {
    try (CqlSession session = CqlSessions.forSchema(contactPoints())) {
      new CqlSchema(folder, keyspace).apply(session);
    }
  }
}
