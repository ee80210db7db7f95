package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writes rows of one task in unlogged batches, several requests at a time. Rows of one partition go
 * together, and are one mutation of its replicas. At the end small rests of several partitions go
 * together too, where they have the same replicas. Every request is idempotent, so the driver sends
 * it again by itself where a connection is lost.
 *
 * <p>For one thread; answers come on the driver's.
 */
final class BatchWriter {
  /** More rows in a request gain nothing. */
  private static final int MOST_ROWS = 100;

  /**
   * What waits for other rows of its partition, all partitions of a task together, by {@link
   * WaitingRow#bytes}. The heap holds about as much again for the objects around it.
   */
  private static final int MOST_WAITING_BYTES = 8 << 20;

  /** More partitions in a request Cassandra warns of. */
  private static final int MOST_PARTITIONS = 10;

  /** Of values; with what Cassandra adds to each it warns of batches above 5 KiB. */
  private static final int MOST_BYTES_TOGETHER = 2 << 10;

  /** A row that is a statement only once it is sent. */
  interface WaitingRow {
    /** What its values take, in bytes. */
    int bytes();

    BatchableStatement<?> statement();
  }

  /** Rows that have not been sent yet: of one partition, at the end of several. */
  static final class Open {
    /** The columns of the key, encoded once for all rows; null until somebody did so. */
    EncodedKey key;

    private List<WaitingRow> rows = new ArrayList<>();
    private int bytes;
    private int partitions;
  }

  private final CqlSession session;
  private final WriteSettings settings;
  private final CqlIdentifier keyspace;
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
    this.keyspace = CqlIdentifier.fromInternal(settings.keyspace());
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
   * @throws WriteException if an earlier request failed
   */
  void add(Open batch, WaitingRow row) throws InterruptedException {
    int bytes = row.bytes();
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

  /** What is left of partitions with the same replicas goes together, as far as it is little. */
  private void sendAll() throws InterruptedException {
    Map<Set<Node>, Open> together = new HashMap<>();
    int mostBytes = Math.min(MOST_BYTES_TOGETHER, settings.batchBytes());
    for (Open batch : open.values()) {
      if (batch.rows.isEmpty()) {
        continue;
      }
      Set<Node> replicas = batch.bytes > mostBytes ? Set.of() : replicas(batch);
      if (replicas.isEmpty()) {
        send(batch);
        continue;
      }
      Open group = together.computeIfAbsent(replicas, unseen -> new Open());
      if (group.partitions == MOST_PARTITIONS || group.bytes + batch.bytes > mostBytes) {
        send(group);
      }
      group.rows.addAll(batch.rows);
      group.bytes += batch.bytes;
      group.partitions++;
      batch.rows.clear();
      batch.bytes = 0;
    }
    for (Open group : together.values()) {
      send(group);
    }
  }

  /** Empty where the driver does not know them. */
  private Set<Node> replicas(Open batch) {
    return session
        .getMetadata()
        .getTokenMap()
        .map(tokens -> tokens.getReplicas(keyspace, batch.rows.get(0).statement().getRoutingKey()))
        .orElseGet(Set::of);
  }

  private void send(Open batch) throws InterruptedException {
    throwIfFailed();
    List<WaitingRow> rows = batch.rows;
    waitingBytes -= batch.bytes;
    batch.rows = new ArrayList<>(rows.size());
    batch.bytes = 0;
    batch.partitions = 0;
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

  private Statement<?> statement(List<WaitingRow> rows) {
    Statement<?> statement;
    if (rows.size() == 1) {
      statement = rows.get(0).statement();
    } else {
      BatchStatementBuilder batch = BatchStatement.builder(DefaultBatchType.UNLOGGED);
      rows.forEach(row -> batch.addStatement(row.statement()));
      statement = batch.setConsistencyLevel(consistency).build();
    }
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
