package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import io.marketstream.spark.failure.StartException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;

/** The keyspace with the job's tables. */
public final class CassandraKeyspace {
  private static final long QUERY_TIMEOUT_S = 10;

  /** All tables that the job writes. */
  private static final List<TableShape> TABLES =
      List.of(
          TicksTable.SHAPE,
          LatestTicksTable.SHAPE,
          CandlesTable.SHAPE,
          FeedGapsTable.SHAPE,
          JobOptionsTable.SHAPE,
          JobProgressTable.SHAPE);

  private final SparkConf conf;
  private final WriteSettings settings;

  /**
   * @param conf has the settings {@code spark.cassandra.*}
   */
  public CassandraKeyspace(String keyspace, SparkConf conf) {
    this.conf = conf;
    this.settings = WriteSettings.of(keyspace, conf);
  }

  /** Returns how rows are written to the keyspace. */
  public WriteSettings settings() {
    return settings;
  }

  /**
   * Checks that Cassandra answers and that the tables have the columns that the job writes.
   *
   * @throws StartException if Cassandra does not answer, or a table or column is missing
   */
  public void check() {
    try (SharedSession.Lease lease = lease()) {
      try {
        query(lease.session());
      } catch (ExecutionException | TimeoutException e) {
        lease.discardSession();
        throw e;
      }
      KeyspaceMetadata found =
          lease
              .session()
              .getMetadata()
              .getKeyspace(CqlIdentifier.fromInternal(settings.keyspace()))
              .orElseThrow(
                  () ->
                      new StartException(
                          "keyspace "
                              + settings.keyspace()
                              + " does not exist: apply cassandra-cql/001_keyspace.cql and the"
                              + " files after it"));
      TABLES.forEach(table -> requireTable(found, table));
    } catch (StartException e) {
      throw e;
    } catch (Exception e) {
      // The connector is written in Scala and throws an undeclared IOException if nobody answers.
      throw unreachable(e instanceof WriteException && e.getCause() != null ? e.getCause() : e);
    }
  }

  private static void query(CqlSession session)
      throws ExecutionException, InterruptedException, TimeoutException {
    session
        .executeAsync("SELECT release_version FROM system.local")
        .toCompletableFuture()
        .get(QUERY_TIMEOUT_S, TimeUnit.SECONDS);
  }

  /** Leases the session that this JVM shares. */
  SharedSession.Lease lease() throws InterruptedException {
    return SharedSession.lease(conf);
  }

  /** Returns a statement with the consistency level of the job's writes. */
  SimpleStatement statement(String cql) {
    return SimpleStatement.newInstance(cql)
        .setConsistencyLevel(DefaultConsistencyLevel.valueOf(settings.consistency()))
        .setIdempotent(true);
  }

  /** Returns the name of the table with its keyspace, for a statement. */
  String qualified(TableShape table) {
    return CqlIdentifier.fromInternal(settings.keyspace()).asCql(true) + "." + table.name();
  }

  private void requireTable(KeyspaceMetadata found, TableShape expected) {
    TableMetadata table =
        found
            .getTable(expected.name())
            .orElseThrow(
                () ->
                    new StartException(
                        "table "
                            + settings.keyspace()
                            + "."
                            + expected.name()
                            + " does not exist: apply cassandra-cql/"
                            + expected.cqlFile()));
    // Sorted, so that the message names the same column every time.
    new TreeMap<>(expected.columns())
        .forEach((name, type) -> requireColumn(table, expected, name, type));
  }

  private void requireColumn(TableMetadata table, TableShape expected, String name, String type) {
    String where = "column " + settings.keyspace() + "." + expected.name() + "." + name;
    String file = "cassandra-cql/" + expected.fileOf(name);
    ColumnMetadata column =
        table
            .getColumn(CqlIdentifier.fromInternal(name))
            .orElseThrow(
                () ->
                    new StartException(where + " does not exist: compare the table with " + file));
    String found = column.getType().asCql(true, false);
    if (!found.equals(type)) {
      throw new StartException(
          where + " is " + found + " and not " + type + ": compare the table with " + file);
    }
  }

  private StartException unreachable(Throwable cause) {
    return new StartException(
        "Cassandra does not answer at spark.cassandra.connection.host "
            + conf.get("spark.cassandra.connection.host", "127.0.0.1")
            + ", port "
            + conf.get("spark.cassandra.connection.port", "9042")
            + ": "
            + cause.getMessage(),
        cause);
  }
}
