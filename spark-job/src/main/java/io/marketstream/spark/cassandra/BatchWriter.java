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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one task in unlogged batches, with several requests in flight.
 *
 * <p>Rows of one partition share a request, which is one mutation for each replica. At the end of
 * the task, small remainders of several partitions with the same replicas share a request too.
 * Every request is idempotent, so the driver repeats it if a connection is lost.
 *
 * <p>For one thread. Responses arrive on threads of the driver.
 */
final class BatchWriter {
  /** Maximum number of rows per request. More rows are not faster. */
  private static final int MAX_ROWS = 100;

  /**
   * Maximum size of all rows of a task that wait for other rows of their partition, by {@link
   * PendingRow#bytes}. Their objects take about the same space again.
   */
  private static final int MAX_PENDING_BYTES = 8 << 20;

  /** Maximum number of partitions per request. Cassandra warns about more. */
  private static final int MAX_PARTITIONS = 10;

  /**
   * Maximum size of the values in a request for several partitions. Cassandra adds overhead to each
   * value and warns about batches above 5 KiB.
   */
  private static final int MAX_SHARED_BYTES = 2 << 10;

  /** A row that becomes a statement when it is sent. */
  interface PendingRow {
    /** Returns the size of its values, in bytes. */
    int bytes();

    BatchableStatement<?> statement();
  }

  /** Rows that are not sent yet, of one partition or, at the end of a task, of several. */
  static final class PendingBatch {
    /** The columns of the key, encoded once for all rows; null until the caller sets it. */
    @Nullable EncodedKey key;

    private List<PendingRow> rows = new ArrayList<>();
    private int bytes;
    private int partitions;
  }

  private final CqlSession session;
  private final WriteSettings settings;
  private final CqlIdentifier keyspace;
  private final DefaultConsistencyLevel consistency;
  private final DriverExecutionProfile withTimeout;
  private final Semaphore free;
  private final Map<Object, PendingBatch> pending = new HashMap<>();
  private int pendingBytes;
  private Answers answers = new Answers();
  private boolean hasTimedOut;
  private volatile @Nullable Throwable failure;

  /** Some requests, and what runs when all have succeeded or one has failed. Thread-safe. */
  private static final class Answers {
    /** Requests without an answer, and one for the action until it is there. */
    private final AtomicInteger missing = new AtomicInteger(1);

    private volatile Runnable action = () -> {};
    private volatile Consumer<Throwable> onFailure = error -> {};
    private volatile @Nullable Throwable failure;

    void onSend() {
      missing.incrementAndGet();
    }

    void onSuccess() {
      if (missing.decrementAndGet() == 0) {
        action.run();
      }
    }

    void onFailure(Throwable error) {
      failure = error;
      onFailure.accept(error);
    }

    void then(Runnable whenAllSucceeded, Consumer<Throwable> whenOneFailed) {
      action = whenAllSucceeded;
      onFailure = whenOneFailed;
      Throwable earlier = failure; // a request can fail while its callbacks are being set
      if (earlier != null) {
        whenOneFailed.accept(earlier);
      }
      onSuccess();
    }
  }

  BatchWriter(CqlSession session, WriteSettings settings) {
    this.session = session;
    this.settings = settings;
    this.keyspace = CqlIdentifier.fromInternal(settings.keyspace());
    this.consistency = DefaultConsistencyLevel.valueOf(settings.consistency());
    // Not with setTimeout: the connector's driver (4.18.1) ignores it for batch statements.
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
   * Returns the pending rows of a partition.
   *
   * @param partition key that is unique among all tables that this writer writes
   */
  PendingBatch pendingBatch(Object partition) {
    return pending.computeIfAbsent(partition, unseen -> new PendingBatch());
  }

  /**
   * Adds a row, which is sent now or later. Waits while too many requests are in flight.
   *
   * @param batch the pending rows of the row's partition
   * @throws WriteException if an earlier request failed
   */
  void add(PendingBatch batch, PendingRow row) throws InterruptedException {
    int bytes = row.bytes();
    batch.rows.add(row);
    batch.bytes += bytes;
    pendingBytes += bytes;
    if (batch.rows.size() >= MAX_ROWS || batch.bytes >= settings.batchBytes()) {
      send(batch);
    } else if (pendingBytes >= MAX_PENDING_BYTES) {
      sendFullest();
    }
  }

  /**
   * Sends all pending rows and waits until Cassandra has acknowledged everything.
   *
   * @throws WriteException if a request failed
   */
  void flush() throws InterruptedException {
    sendAll();
    acquire(settings.inFlight());
    free.release(settings.inFlight());
    throwIfFailed();
  }

  /**
   * Sends all pending rows without waiting for answers.
   *
   * @param whenStored runs once Cassandra has acknowledged every row that was added since the last
   *     call, on a thread of the driver, which it must not block. Does not run if a request failed
   * @param whenFailed runs, perhaps more than once, if one of these requests fails, on such a
   *     thread
   * @throws WriteException if an earlier request failed
   */
  void send(Runnable whenStored, Consumer<Throwable> whenFailed) throws InterruptedException {
    sendAll();
    throwIfFailed();
    Answers sent = answers;
    answers = new Answers();
    sent.then(whenStored, whenFailed);
  }

  /**
   * Sends half of the pending bytes. Fuller batches go first, because they gain less by waiting.
   */
  private void sendFullest() throws InterruptedException {
    List<PendingBatch> fullest = new ArrayList<>(pending.values());
    fullest.sort(Comparator.comparingInt(batch -> -batch.bytes));
    for (PendingBatch batch : fullest) {
      if (pendingBytes <= MAX_PENDING_BYTES / 2) {
        return;
      }
      send(batch);
    }
  }

  /** Sends all pending rows. Small batches with the same replicas share a request. */
  private void sendAll() throws InterruptedException {
    Map<Set<Node>, PendingBatch> shared = new HashMap<>();
    int maxBytes = Math.min(MAX_SHARED_BYTES, settings.batchBytes());
    for (PendingBatch batch : pending.values()) {
      if (batch.rows.isEmpty()) {
        continue;
      }
      Set<Node> replicas = batch.bytes > maxBytes ? Set.of() : replicas(batch);
      if (replicas.isEmpty()) {
        send(batch);
        continue;
      }
      PendingBatch group = shared.computeIfAbsent(replicas, unseen -> new PendingBatch());
      if (group.partitions == MAX_PARTITIONS || group.bytes + batch.bytes > maxBytes) {
        send(group);
      }
      group.rows.addAll(batch.rows);
      group.bytes += batch.bytes;
      group.partitions++;
      batch.rows.clear();
      batch.bytes = 0;
    }
    for (PendingBatch group : shared.values()) {
      send(group);
    }
  }

  /** Returns the replicas of the partition, or an empty set if the driver does not know them. */
  private Set<Node> replicas(PendingBatch batch) {
    return session
        .getMetadata()
        .getTokenMap()
        .map(tokens -> tokens.getReplicas(keyspace, batch.rows.get(0).statement().getRoutingKey()))
        .orElseGet(Set::of);
  }

  private void send(PendingBatch batch) throws InterruptedException {
    throwIfFailed();
    List<PendingRow> rows = batch.rows;
    pendingBytes -= batch.bytes;
    batch.rows = new ArrayList<>(rows.size());
    batch.bytes = 0;
    batch.partitions = 0;
    acquire(1);
    Answers mine = answers;
    mine.onSend();
    session
        .executeAsync(statement(rows))
        .whenComplete(
            (answer, error) -> {
              if (error == null) {
                mine.onSuccess();
              } else {
                failure = failure == null ? error : failure;
                mine.onFailure(error);
              }
              free.release();
            });
  }

  private Statement<?> statement(List<PendingRow> rows) {
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

  /** Waits for free requests, but not forever: drivers have lost responses before. */
  private void acquire(int requests) throws InterruptedException {
    if (!free.tryAcquire(requests, 2 * settings.timeoutMs(), TimeUnit.MILLISECONDS)) {
      throwIfFailed();
      hasTimedOut = true;
      throw new WriteException(
          "Cassandra has not answered for " + 2 * settings.timeoutMs() + " ms", null);
    }
  }

  /** Returns whether the session may be the cause of a failure: no node has answered. */
  boolean suspectsSession() {
    return hasTimedOut || (failure != null && !(failure instanceof CoordinatorException));
  }

  private void throwIfFailed() {
    Throwable failed = failure;
    if (failed != null) {
      throw new WriteException("a write to Cassandra failed: " + failed, failed);
    }
  }
}
