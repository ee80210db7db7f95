package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.spark.connector.cql.CassandraConnector;
import com.datastax.spark.connector.cql.CassandraConnectorConf;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * The Cassandra session that this JVM shares, with its prepared statements.
 *
 * <p>It is created the way the Spark Cassandra connector creates its own. The connector's settings
 * for contact points, login, TLS and data centre therefore apply. When a user of the session
 * discards it, the next one gets a new session.
 *
 * <p>Thread-safe.
 */
public final class SharedSession {
  private static final Logger LOG = LoggerFactory.getLogger(SharedSession.class);
  private static final String PREFIX = "spark.cassandra.";

  /** The present session, or the one that is being opened. Guarded by the class. */
  private static @Nullable Opening current;

  /**
   * A session that is open or being opened.
   *
   * @param settings the settings that it is opened with
   */
  private record Opening(Map<String, String> settings, CompletableFuture<SharedSession> session) {}

  private final CqlSession session;
  private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
  private int users; // guarded by the class
  private boolean isDiscarded; // guarded by the class

  private SharedSession(SparkConf conf) {
    // Resolves the names of the nodes again, because their addresses may have changed.
    CassandraConnectorConf settings = CassandraConnector.apply(conf).conf();
    this.session = settings.connectionFactory().createSession(settings);
  }

  /**
   * Leases the session. If there is none, one caller opens it and the others wait.
   *
   * @param conf has the settings {@code spark.cassandra.*}
   * @throws WriteException if it cannot be opened
   */
  public static Lease lease(SparkConf conf) throws InterruptedException {
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
      settings.put(setting._1(), setting._2());
    }
    while (true) {
      Optional<Lease> lease = tryLease(opening(settings, conf));
      if (lease.isPresent()) {
        return lease.get();
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // whether it is still this very session
  private static Opening opening(Map<String, String> settings, SparkConf conf) {
    Opening mine = new Opening(settings, new CompletableFuture<>());
    synchronized (SharedSession.class) {
      if (current != null && current.settings.equals(settings)) {
        return current;
      }
      discardCurrent();
      current = mine;
    }
    // Not under the lock: callers that return a session must not wait for this.
    try {
      mine.session.complete(new SharedSession(conf));
    } catch (Throwable e) { // the connector, in Scala, throws undeclared exceptions
      synchronized (SharedSession.class) {
        if (current == mine) {
          current = null;
        }
      }
      mine.session.completeExceptionally(e);
    }
    return mine;
  }

  /** Returns a lease, or empty if the session was discarded meanwhile. */
  private static Optional<Lease> tryLease(Opening opening) throws InterruptedException {
    SharedSession opened;
    try {
      opened = opening.session.get();
    } catch (ExecutionException e) {
      throw new WriteException(
          "cannot open a session with Cassandra: " + e.getCause(), e.getCause());
    }
    synchronized (SharedSession.class) {
      if (opened.isDiscarded) {
        return Optional.empty();
      }
      opened.users++;
      return Optional.of(new Lease(opened));
    }
  }

  /** Closes the session when its last lease has ended. A later lease opens a new session. */
  public static void close() {
    synchronized (SharedSession.class) {
      discardCurrent();
    }
  }

  private static void discardCurrent() {
    if (current != null) {
      CompletableFuture<Void> unused =
          current.session.thenAccept(SharedSession::discard); // now, or as soon as it is open
      current = null;
    }
  }

  private void discard() {
    synchronized (SharedSession.class) {
      isDiscarded = true;
      if (current != null && current.session.getNow(null) == this) {
        current = null;
      }
      closeIfUnused();
    }
  }

  private void release() {
    synchronized (SharedSession.class) {
      users--;
      closeIfUnused();
    }
  }

  private void closeIfUnused() {
    if (isDiscarded && users == 0) {
      session
          .forceCloseAsync()
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  LOG.debug("the session could not be closed", failure);
                }
              });
    }
  }

  /** A lease of the session. For one thread. */
  public static final class Lease implements AutoCloseable {
    private final SharedSession shared;
    private boolean isOver;

    private Lease(SharedSession shared) {
      this.shared = shared;
    }

    public CqlSession session() {
      return shared.session;
    }

    /**
     * Returns the prepared statement, with the consistency level of the given statement.
     *
     * @throws WriteException if Cassandra does not prepare it in time
     */
    public PreparedStatement prepare(SimpleStatement statement, long timeoutMs)
        throws InterruptedException {
      PreparedStatement prepared = shared.prepared.get(statement.getQuery());
      if (prepared == null) {
        prepared = sendPrepare(statement, timeoutMs);
        shared.prepared.put(statement.getQuery(), prepared);
      }
      return prepared;
    }

    private PreparedStatement sendPrepare(SimpleStatement statement, long timeoutMs)
        throws InterruptedException {
      try {
        return shared
            .session
            .prepareAsync(statement)
            .toCompletableFuture()
            .get(timeoutMs, TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new WriteException("a statement cannot be prepared: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        throw new WriteException(
            "Cassandra did not prepare a statement within " + timeoutMs + " ms", e);
      }
    }

    /** Discards the session, because it does not work. The next lease opens a new one. */
    public void discardSession() {
      shared.discard();
    }

    /** Returns the session. */
    @Override
    public void close() {
      if (!isOver) {
        isOver = true;
        shared.release();
      }
    }
  }
}
