package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
   * Rows that wait for others of their partition, all partitions together. It bounds memory to some
   * 50 MB a task; a batch of 200,000 ticks in two tasks passes it once.
   */
  private static final int MOST_WAITING = 60_000;

  private static final class Open {
    private final List<BatchableStatement<?>> rows = new ArrayList<>();
    private int bytes;
  }

  private final CqlSession session;
  private final WriteSettings settings;
  private final DefaultConsistencyLevel consistency;
  private final Duration timeout;
  private final Semaphore free;
  private final Map<Object, Open> open = new HashMap<>();
  private int waiting;
  private volatile Throwable failure;

  BatchWriter(CqlSession session, WriteSettings settings) {
    this.session = session;
    this.settings = settings;
    this.consistency = DefaultConsistencyLevel.valueOf(settings.consistency());
    this.timeout = Duration.ofMillis(settings.timeoutMs());
    this.free = new Semaphore(settings.inFlight());
  }

  /**
   * Takes a row, and sends it at once or later. Waits while too many requests are under way.
   *
   * @param partition what tells its partition, of all tables that this writer writes
   * @param bytes about how much it holds
   * @throws WriteException if an earlier request failed
   */
  void add(Object partition, BatchableStatement<?> row, int bytes) throws InterruptedException {
    Open batch = open.computeIfAbsent(partition, unseen -> new Open());
    batch.rows.add(row);
    batch.bytes += bytes;
    waiting++;
    if (batch.rows.size() >= MOST_ROWS || batch.bytes >= settings.batchBytes()) {
      open.remove(partition);
      send(batch);
    } else if (waiting >= MOST_WAITING) {
      sendAll();
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

  private void sendAll() throws InterruptedException {
    for (Open batch : open.values()) {
      send(batch);
    }
    open.clear();
  }

  private void send(Open batch) throws InterruptedException {
    throwIfFailed();
    waiting -= batch.rows.size();
    acquire(1);
    session
        .executeAsync(statement(batch.rows))
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
    return statement.setIdempotent(true).setTimeout(timeout);
  }

  /** A driver has lost answers before: after all requests' time is over, nobody waits any more. */
  private void acquire(int requests) throws InterruptedException {
    if (!free.tryAcquire(requests, 2 * settings.timeoutMs(), TimeUnit.MILLISECONDS)) {
      throwIfFailed();
      throw new WriteException(
          "Cassandra has not answered for " + 2 * settings.timeoutMs() + " ms", null);
    }
  }

  private void throwIfFailed() {
    Throwable failed = failure;
    if (failed != null) {
      throw new WriteException("a write to Cassandra failed: " + failed, failed);
    }
  }
}
