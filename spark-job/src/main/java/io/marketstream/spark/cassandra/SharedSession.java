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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

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
  private static final String PREFIX = "spark.cassandra.";

  /** The session of all, or the one that is being opened. Guarded by the class. */
  private static Opening current;

  /**
   * @param settings with which it is opened
   */
  private record Opening(Map<String, String> settings, CompletableFuture<SharedSession> session) {}

  private final CqlSession session;
  private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
  private int users; // guarded by the class
  private boolean isGivenUp; // guarded by the class

  private SharedSession(SparkConf conf) {
    // Resolves the names of the nodes, which may have other addresses the next time.
    CassandraConnectorConf settings = CassandraConnector.apply(conf).conf();
    this.session = settings.connectionFactory().createSession(settings);
  }

  /**
   * Borrows the session. If there is none, one caller opens it, which takes as long as Cassandra
   * takes to answer, and the others wait for that.
   *
   * @param conf the settings {@code spark.cassandra.*}
   * @throws WriteException if it cannot be opened
   */
  public static Lease lease(SparkConf conf) throws InterruptedException {
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
      settings.put(setting._1(), setting._2());
    }
    while (true) {
      Optional<Lease> lease = borrow(opening(settings, conf));
      if (lease.isPresent()) {
        return lease.get();
      }
    }
  }

  private static Opening opening(Map<String, String> settings, SparkConf conf) {
    Opening mine = new Opening(settings, new CompletableFuture<>());
    synchronized (SharedSession.class) {
      if (current != null && current.settings.equals(settings)) {
        return current;
      }
      giveUpCurrent();
      current = mine;
    }
    // Not under the lock: those who give a session back must not wait for this.
    try {
      mine.session.complete(new SharedSession(conf));
    } catch (Throwable e) { // Scala declares no exceptions
      synchronized (SharedSession.class) {
        if (current == mine) {
          current = null;
        }
      }
      mine.session.completeExceptionally(e);
    }
    return mine;
  }

  /** Empty if the session was given up before it could be borrowed. */
  private static Optional<Lease> borrow(Opening opening) throws InterruptedException {
    SharedSession opened;
    try {
      opened = opening.session.get();
    } catch (ExecutionException e) {
      throw new WriteException("no session with Cassandra: " + e.getCause(), e.getCause());
    }
    synchronized (SharedSession.class) {
      if (opened.isGivenUp) {
        return Optional.empty();
      }
      opened.users++;
      return Optional.of(new Lease(opened));
    }
  }

  /** Closes the session once nobody uses it any more. Whoever asks later gets another one. */
  public static void close() {
    synchronized (SharedSession.class) {
      giveUpCurrent();
    }
  }

  private static void giveUpCurrent() {
    if (current != null) {
      current.session.thenAccept(SharedSession::giveUp); // at once, or when it is open
      current = null;
    }
  }

  private void giveUp() {
    synchronized (SharedSession.class) {
      isGivenUp = true;
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
