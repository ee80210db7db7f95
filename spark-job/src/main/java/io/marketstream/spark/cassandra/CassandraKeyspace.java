package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.spark.connector.cql.CassandraConnector;
import io.marketstream.spark.StartException;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/** Cassandra out: the keyspace that holds the job's tables. */
public final class CassandraKeyspace {
  private static final String FORMAT = "org.apache.spark.sql.cassandra";

  /** Every table the job writes. */
  private static final List<TableShape> TABLES =
      List.of(TicksTable.SHAPE, LatestTicksTable.SHAPE, CandlesTable.SHAPE, FeedGapsTable.SHAPE);

  private final String keyspace;

  public CassandraKeyspace(String keyspace) {
    this.keyspace = keyspace;
  }

  /**
   * Connects and compares the tables with what the job is going to write.
   *
   * @throws StartException if Cassandra does not answer or a table or column is missing
   */
  public void check(SparkConf conf) {
    try (CqlSession session = CassandraConnector.apply(conf).openSession()) {
      KeyspaceMetadata found =
          session
              .getMetadata()
              .getKeyspace(CqlIdentifier.fromInternal(keyspace))
              .orElseThrow(
                  () ->
                      new StartException(
                          "keyspace "
                              + keyspace
                              + " does not exist: apply cassandra-cql/001_keyspace.cql and the"
                              + " files after it"));
      TABLES.forEach(table -> requireTable(found, table));
    } catch (StartException e) {
      throw e;
    } catch (Exception e) {
      // Scala declares no exceptions: the connector throws a bare IOException where nobody answers.
      throw unreachable(conf, e);
    }
  }

  /** Appends rows whose columns are columns of the table; nulls leave what is there. */
  public void append(TableShape table, Dataset<Row> rows) {
    rows.write()
        .format(FORMAT)
        .option("keyspace", keyspace)
        .option("table", table.name())
        .mode(SaveMode.Append)
        .save();
  }

  /** As {@link #append}, with a column that holds each row's write time in µs. */
  public void append(TableShape table, Dataset<Row> rows, String writeTimeColumn) {
    rows.write()
        .format(FORMAT)
        .option("keyspace", keyspace)
        .option("table", table.name())
        .option("writetime", writeTimeColumn)
        .mode(SaveMode.Append)
        .save();
  }

  private void requireTable(KeyspaceMetadata found, TableShape expected) {
    TableMetadata table =
        found
            .getTable(expected.name())
            .orElseThrow(
                () ->
                    new StartException(
                        "table "
                            + keyspace
                            + "."
                            + expected.name()
                            + " does not exist: apply cassandra-cql/"
                            + expected.cqlFile()));
    // Sorted: of several columns amiss, the same one is named every time.
    new TreeMap<>(expected.columns())
        .forEach((name, type) -> requireColumn(table, expected, name, type));
  }

  private void requireColumn(TableMetadata table, TableShape expected, String name, String type) {
    String where = "column " + keyspace + "." + expected.name() + "." + name;
    String file = "cassandra-cql/" + expected.cqlFile();
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

  private static StartException unreachable(SparkConf conf, Exception cause) {
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
