package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writes rows of one task: those of one partition together in unlogged batches, several requests at
 * a time. A batch of one partition is one mutation of its replicas. Every request is idempotent, so
 * the driver sends it again by itself where a connection is lost.
 *
 * <p>For one thread; answers come on the driver's.
 */
final class BatchWriter {
  /** More rows in a request gain nothing. */
  private static final int MOST_ROWS = 100;

  /**
   * What waits for other rows of its partition, all partitions of a task together, by the rough
   * count of {@link #add}: the values alone. Their objects take several times as much of the heap.
   */
  private static final int MOST_WAITING_BYTES = 8 << 20;

  /** The rows of one partition that have not been sent yet. */
  static final class Open {
    /** The columns of the key, encoded once for all rows; null until somebody did so. */
    EncodedKey key;

    private List<BatchableStatement<?>> rows = new ArrayList<>();
    private int bytes;
  }

  private final CqlSession session;
  private final WriteSettings settings;
  private final DefaultConsistencyLevel consistency;
  private final DriverExecutionProfile withTimeout;
  private final Semaphore free;
  private final Map<Object, Open> open = new HashMap<>();
  private int waitingBytes;
  private boolean isSilent;
  private volatile Throwable failure;

  BatchWriter(CqlSession session, WriteSettings settings) {
    this.session = session;
    this.settings = settings;
    this.consistency = DefaultConsistencyLevel.valueOf(settings.consistency());
    // Not by setTimeout: the driver of the connector (4.18.1) forgets that of a batch.
    this.withTimeout =
        session
            .getContext()
            .getConfig()
            .getDefaultProfile()
            .withDuration(
                DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofMillis(settings.timeoutMs()));
    this.free = new Semaphore(settings.inFlight());
  }

  /**
   * Where rows of a partition wait for each other.
   *
   * @param partition what tells it from all others of the tables that this writer writes
   */
  Open of(Object partition) {
    return open.computeIfAbsent(partition, unseen -> new Open());
  }

  /**
   * Takes a row, and sends it at once or later. Waits while too many requests are under way.
   *
   * @param batch of the row's partition
   * @param bytes about how much it holds
   * @throws WriteException if an earlier request failed
   */
  void add(Open batch, BatchableStatement<?> row, int bytes) throws InterruptedException {
    batch.rows.add(row);
    batch.bytes += bytes;
    waitingBytes += bytes;
    if (batch.rows.size() >= MOST_ROWS || batch.bytes >= settings.batchBytes()) {
      send(batch);
    } else if (waitingBytes >= MOST_WAITING_BYTES) {
      sendFullest();
    }
  }

  /**
   * Sends what is left, and returns when Cassandra has acknowledged everything.
   *
   * @throws WriteException if a request failed
   */
  void flush() throws InterruptedException {
    sendAll();
    acquire(settings.inFlight());
    free.release(settings.inFlight());
    throwIfFailed();
  }

  /** Half of what waits: the fuller a batch, the less it gains by waiting. */
  private void sendFullest() throws InterruptedException {
    List<Open> fullest = new ArrayList<>(open.values());
    fullest.sort(Comparator.comparingInt(batch -> -batch.bytes));
    for (Open batch : fullest) {
      if (waitingBytes <= MOST_WAITING_BYTES / 2) {
        return;
      }
      send(batch);
    }
  }

  private void sendAll() throws InterruptedException {
    for (Open batch : open.values()) {
      if (!batch.rows.isEmpty()) {
        send(batch);
      }
    }
  }

  private void send(Open batch) throws InterruptedException {
    throwIfFailed();
    List<BatchableStatement<?>> rows = batch.rows;
    waitingBytes -= batch.bytes;
    batch.rows = new ArrayList<>(rows.size());
    batch.bytes = 0;
    acquire(1);
    session
        .executeAsync(statement(rows))
        .whenComplete(
            (answer, error) -> {
              if (error != null && failure == null) {
                failure = error;
              }
              free.release();
            });
  }

  private Statement<?> statement(List<BatchableStatement<?>> rows) {
    Statement<?> statement =
        rows.size() == 1
            ? rows.get(0)
            : BatchStatement.newInstance(DefaultBatchType.UNLOGGED, rows)
                .setConsistencyLevel(consistency);
    return statement.setIdempotent(true).setExecutionProfile(withTimeout);
  }

  /** A driver has lost answers before: after all requests' time is over, nobody waits any more. */
  private void acquire(int requests) throws InterruptedException {
    if (!free.tryAcquire(requests, 2 * settings.timeoutMs(), TimeUnit.MILLISECONDS)) {
      throwIfFailed();
      isSilent = true;
      throw new WriteException(
          "Cassandra has not answered for " + 2 * settings.timeoutMs() + " ms", null);
    }
  }

  /** Whether another session may do better: no answer came, or from no node. */
  boolean mayBeOfTheSession() {
    return isSilent || (failure != null && !(failure instanceof CoordinatorException));
  }

  private void throwIfFailed() {
    Throwable failed = failure;
    if (failed != null) {
      throw new WriteException("a write to Cassandra failed: " + failed, failed);
    }
  }
}
