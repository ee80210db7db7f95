package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.spark.connector.cql.CassandraConnector;
import io.marketstream.spark.StartException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cassandra out: the keyspace that holds the job's tables. */
public final class CassandraKeyspace {
  private static final String FORMAT = "org.apache.spark.sql.cassandra";

  private static final Logger LOG = LoggerFactory.getLogger(CassandraKeyspace.class);
  private static final String CONSISTENCY = "spark.cassandra.output.consistency.level";
  private static final String KEEP_ALIVE = "spark.cassandra.connection.keepAliveMS";
  private static final long TIMEOUT_S = 10;

  /** Every table the job writes. */
  private static final List<TableShape> TABLES =
      List.of(
          TicksTable.SHAPE,
          LatestTicksTable.SHAPE,
          CandlesTable.SHAPE,
          FeedGapsTable.SHAPE,
          JobOptionsTable.SHAPE,
          JobProgressTable.SHAPE);

  private final String keyspace;
  private final long keepAliveMs;

  /** How often the session was given up. */
  private volatile long generation;

  /** Of this generation; null until a session is asked for. */
  private CassandraConnector connector;

  /**
   * @param conf says how long sessions outlive their use
   */
  public CassandraKeyspace(String keyspace, SparkConf conf) {
    this.keyspace = keyspace;
    this.keepAliveMs = conf.getTimeAsMs(KEEP_ALIVE, "5s");
  }

  /**
   * Connects and compares the tables with what the job is going to write.
   *
   * @throws StartException if Cassandra does not answer or a table or column is missing
   */
  public void check(SparkConf conf) {
    try (CqlSession session = connector(conf).openSession()) {
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

  /**
   * Whether the session that all writes share still refreshes its schema, which every write waits
   * for: after an outage it may look well and never answer that.
   */
  public boolean refreshes(SparkConf conf) {
    try (CqlSession session = connector(conf).openSession()) {
      session.refreshSchemaAsync().toCompletableFuture().get(TIMEOUT_S, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } catch (Exception e) {
      LOG.debug("the schema cannot be refreshed", e);
      return false;
    }
  }

  /**
   * Gives up the session that all writes share: whoever waits on it gets an exception, and the next
   * write opens another. After an outage a session may wait for ever: a schema refresh that met a
   * lost control connection leaves those behind it in a queue that nothing empties, and the
   * connector asks for one with every write.
   */
  public void reconnect(SparkConf conf) {
    CassandraConnector given = connector(conf);
    synchronized (this) {
      generation++;
      connector = null;
    }
    try (CqlSession session = given.openSession()) {
      session.forceCloseAsync().toCompletableFuture().get(TIMEOUT_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.debug("there was no session to end", e);
    }
  }

  /**
   * The connector keeps sessions by their settings and hands a dead one out for as long as somebody
   * has not returned it: other settings, which say the same, are the way to another session.
   */
  private Map<String, String> settingsOfThisGeneration() {
    return Map.of(KEEP_ALIVE, Long.toString(keepAliveMs + generation));
  }

  private CassandraConnector connector(SparkConf conf) {
    SparkConf own = conf.clone();
    settingsOfThisGeneration().forEach(own::set);
    return CassandraConnector.apply(own);
  }

  /**
   * The session that all writes share, for statements of one's own. Who closes it gives it back;
   * whoever keeps it would keep a dead one after an outage. It is opened if there is none, which
   * takes as long as Cassandra takes to answer.
   */
  CqlSession openSession(SparkConf conf) {
    CassandraConnector shared;
    synchronized (this) {
      if (connector == null) {
        connector = connector(conf);
      }
      shared = connector;
    }
    return shared.openSession();
  }

  /** Acknowledged as the rows of all other tables are. */
  SimpleStatement statement(SparkConf conf, String cql) {
    return SimpleStatement.newInstance(cql)
        .setConsistencyLevel(
            DefaultConsistencyLevel.valueOf(conf.get(CONSISTENCY, "LOCAL_QUORUM")));
  }

  /** A table of this keyspace, as a statement names it. */
  String qualified(TableShape table) {
    return CqlIdentifier.fromInternal(keyspace).asCql(true) + "." + table.name();
  }

  /** Appends rows whose columns are columns of the table; nulls leave what is there. */
  public void append(TableShape table, Dataset<Row> rows) {
    rows.write()
        .format(FORMAT)
        .options(settingsOfThisGeneration())
        .option("keyspace", keyspace)
        .option("table", table.name())
        .mode(SaveMode.Append)
        .save();
  }

  /** As {@link #append}, with a column that holds each row's write time in µs. */
  public void append(TableShape table, Dataset<Row> rows, String writeTimeColumn) {
    rows.write()
        .format(FORMAT)
        .options(settingsOfThisGeneration())
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
