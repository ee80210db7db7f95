package io.marketstream.embedded.component;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.schema.CqlSchema;
import io.marketstream.schema.SchemaException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A Cassandra node, alone or in a ring. */
public interface CassandraNode extends Component {
  String DATACENTER = "datacenter1";

  /** Returns the CQL address of this node. */
  InetSocketAddress cqlAddress();

  /** Returns the CQL addresses of all nodes of the ring. */
  default List<InetSocketAddress> contactPoints() {
    return List.of(cqlAddress());
  }

  /** Opens a session without a keyspace. The caller closes it. */
  default CqlSession session() {
    return CqlSessions.open(contactPoints(), Optional.empty());
  }

  /** Opens a session without a keyspace to this node only. The caller closes it. */
  default CqlSession directSession() {
    return CqlSessions.open(List.of(cqlAddress()), Optional.empty());
  }

  /** Opens a session with a keyspace. The caller closes it. */
  default CqlSession session(String keyspace) {
    return CqlSessions.open(contactPoints(), Optional.of(keyspace));
  }

  /**
   * Applies the {@code *.cql} files of a folder in the order of their names.
   *
   * @param keyspace replaces {@code market_data} in the first file; the other files run in it
   * @throws io.marketstream.embedded.process.ComponentException naming the file and statement that
   *     Cassandra refused
   */
  default void applySchema(Path folder, String keyspace) {
    try (CqlSession session = CqlSessions.forSchema(contactPoints())) {
      new CqlSchema(folder, keyspace).apply(session);
    } catch (SchemaException e) {
      throw new ComponentException(String.valueOf(e.getMessage()), null, e);
    }
  }
}
