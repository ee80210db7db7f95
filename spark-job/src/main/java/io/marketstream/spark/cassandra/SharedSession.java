package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.spark.connector.cql.CassandraConnector;
import com.datastax.spark.connector.cql.CassandraConnectorConf;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with Cassandra that everything in this JVM shares, with its prepared statements. It
 * is made as the Spark Cassandra connector makes its own, so every setting for contact points,
 * login, TLS and data centre counts. It lives until somebody finds that it does not work: who asks
 * for it then gets another one.
 *
 * <p>Thread-safe.
 */
public final class SharedSession {
  private static final Logger LOG = LoggerFactory.getLogger(SharedSession.class);

  private static SharedSession current; // guarded by the class, as are users and isGivenUp

  private final CassandraConnectorConf settings;
  private final CqlSession session;
  private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
  private int users;
  private boolean isGivenUp;

  private SharedSession(CassandraConnectorConf settings) {
    this.settings = settings;
    this.session = settings.connectionFactory().createSession(settings);
  }

  /**
   * Borrows the session, which is opened if there is none: that takes as long as Cassandra takes to
   * answer.
   *
   * @param conf the settings {@code spark.cassandra.*}
   */
  public static Lease lease(SparkConf conf) {
    CassandraConnectorConf settings = CassandraConnector.apply(conf).conf();
    synchronized (SharedSession.class) {
      if (current != null && !current.settings.equals(settings)) {
        current.giveUp();
      }
      if (current == null) {
        current = new SharedSession(settings);
      }
      current.users++;
      return new Lease(current);
    }
  }

  /** Closes the session once nobody uses it any more. Whoever asks later gets another one. */
  public static void close() {
    synchronized (SharedSession.class) {
      if (current != null) {
        current.giveUp();
      }
    }
  }

  private void giveUp() {
    synchronized (SharedSession.class) {
      isGivenUp = true;
      if (current == this) {
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
    if (isGivenUp && users == 0) {
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

  /** The use of the session by one caller. For one thread. */
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
     * The statement, prepared; it keeps its consistency.
     *
     * @throws WriteException if Cassandra does not prepare it within the time
     */
    public PreparedStatement prepare(SimpleStatement statement, long timeoutMs)
        throws InterruptedException {
      PreparedStatement prepared = shared.prepared.get(statement.getQuery());
      if (prepared == null) {
        prepared = askToPrepare(statement, timeoutMs);
        shared.prepared.put(statement.getQuery(), prepared);
      }
      return prepared;
    }

    private PreparedStatement askToPrepare(SimpleStatement statement, long timeoutMs)
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

    /** The session does not work: nobody is to get it any more. */
    public void giveUp() {
      shared.giveUp();
    }

    /** Gives it back. */
    @Override
    public void close() {
      if (!isOver) {
        isOver = true;
        shared.release();
      }
    }
  }
}
