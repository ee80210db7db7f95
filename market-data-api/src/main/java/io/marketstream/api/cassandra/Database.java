package io.marketstream.api.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.ConnectionInitException;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to Cassandra. It is made in the background, and again until it succeeds, so that
 * the API starts without the database and recovers without a restart.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(2);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final ClusterSettings settings;
  private final ScheduledExecutorService connector =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "cassandra-connect");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable MarketTables tables;
  private volatile @Nullable CqlSession session;
  private volatile String problem = "no connection yet";

  public Database(ClusterSettings settings) {
    this.settings = settings;
  }

  /** Starts to connect, and returns at once. */
  public void start() {
    connector.execute(this::connect);
  }

  private void connect() {
    try {
      open();
      LOG.info("connected to Cassandra, keyspace {}", settings.keyspace());
    } catch (DatabaseUnavailableException e) {
      String reason = rootMessage(e);
      if (!reason.equals(problem)) {
        LOG.warn("cannot connect to Cassandra, trying again every 2 s: {}", reason);
      }
      problem = reason;
      if (!connector.isShutdown()) {
        var unused =
            connector.schedule(this::connect, RETRY_DELAY.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /**
   * Connects now, once.
   *
   * @throws DatabaseUnavailableException if it fails; its cause says why
   */
  public void open() {
    CqlSession opened = null;
    try {
      opened = builder().build();
      tables = new MarketTables(opened);
      session = opened;
    } catch (RuntimeException e) { // the driver's, or what its file of settings names
      if (opened != null) {
        opened.close();
      }
      throw new DatabaseUnavailableException(
          "Cassandra cannot be reached at " + settings.nodes(), e);
    }
  }

  /**
   * The tables.
   *
   * @throws DatabaseUnavailableException if there is no connection yet
   */
  public MarketTables tables() {
    MarketTables connected = tables;
    if (connected == null) {
      throw new DatabaseUnavailableException("Cassandra cannot be reached: " + problem, null);
    }
    return connected;
  }

  /** Whether a node has answered, and has not been lost since. */
  public boolean isUp() {
    CqlSession connected = session;
    return connected != null
        && connected.getMetadata().getNodes().values().stream()
            .anyMatch(node -> node.getOpenConnections() > 0);
  }

  /** Whether a failure of a request means that Cassandra is away or too busy. */
  public static boolean isUnavailable(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AllNodesFailedException all) {
      // A mistake in a query fails on every node as well, and does not go away.
      return all.getAllErrors().values().stream()
          .flatMap(java.util.Collection::stream)
          .noneMatch(QueryValidationException.class::isInstance);
    }
    return cause instanceof DatabaseUnavailableException
        || cause instanceof DriverTimeoutException
        || cause instanceof RequestThrottlingException
        || cause instanceof ClosedConnectionException
        || cause instanceof ConnectionInitException
        || (cause instanceof CoordinatorException && !(cause instanceof QueryValidationException))
        || (cause instanceof IllegalStateException
            && String.valueOf(cause.getMessage()).contains("closed"))
        || (cause instanceof DriverException && cause.getCause() instanceof java.io.IOException);
  }

  private CqlSessionBuilder builder() {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .addContactPoints(settings.contactPoints())
            .withLocalDatacenter(settings.datacenter())
            .withKeyspace(settings.keyspace())
            .withConfigLoader(config());
    settings
        .login()
        .ifPresent(login -> builder.withAuthCredentials(login.username(), login.password()));
    return builder;
  }

  /** The file's settings, or the driver's own, below ours. */
  private DriverConfigLoader config() {
    OptionsMap ours = new OptionsMap();
    // The job writes at LOCAL_QUORUM: this reads what the job has written.
    ours.put(TypedDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM");
    ours.put(TypedDriverOption.REQUEST_TIMEOUT, REQUEST_TIMEOUT);
    ours.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, CONNECT_TIMEOUT);
    ours.put(TypedDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, CONNECT_TIMEOUT);
    ours.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, CONNECT_TIMEOUT);
    ours.put(TypedDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(500));
    ours.put(TypedDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5));
    DriverConfigLoader others =
        settings
            .driverConfig()
            .map(DriverConfigLoader::fromPath)
            .orElseGet(() -> DriverConfigLoader.fromDefaults(Database.class.getClassLoader()));
    return DriverConfigLoader.compose(DriverConfigLoader.fromMap(ours), others);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  @Override
  public void close() {
    connector.shutdownNow();
    CqlSession connected = session;
    if (connected != null) {
      connected.close();
    }
  }
}
