package io.marketstream.spark.stream;

import io.marketstream.spark.metrics.BatchCountsAccumulator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores records as they come, and sends them at the latest a few milliseconds later.
 *
 * <p>The task that owns it waits in Kafka for the next record, perhaps for a long time. So a thread
 * of its own sends what has come. It does not wait for Cassandra's answers, because the next ticks
 * would wait with it.
 *
 * <p>If a record cannot be stored, the thread interrupts the task, which then fails.
 *
 * <p>The methods are for the thread of the task.
 */
final class TimedIntake {
  private static final Logger LOG = LoggerFactory.getLogger(TimedIntake.class);

  /** Ticks that come within this time share requests. */
  private static final long SEND_AFTER_MS = 3;

  /** How often the thread looks whether a request failed while no record comes. */
  private static final long CHECK_MS = 500;

  /** Rows that are stored and not counted yet. */
  private record Acknowledged(RecordIntake.Stored rows, long at) {}

  private final RecordStore store;
  private final RecordIntake intake;
  private final BatchCountsAccumulator counters;
  private final Thread task = Thread.currentThread();
  private final Thread sender = new Thread(this::sendPeriodically, "market-data-real-time");

  /** Not under the lock: the driver's threads add to it, and the lock's owner may wait for them. */
  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();

  /** As {@link #acknowledged}, not under the lock. */
  private volatile @Nullable Throwable unstored;

  // Guarded by this, as are the store and the intake.
  private boolean hasUnsent;
  private boolean isClosed;
  private @Nullable Throwable failure;
  private boolean isReported;

  /** Creates an intake, on the thread of the task, which also closes it. */
  TimedIntake(
      String gapsTopic,
      long futureToleranceMs,
      RecordStore store,
      BatchCountsAccumulator counters) {
    this.store = store;
    this.intake = new RecordIntake(gapsTopic, futureToleranceMs, store, counters);
    this.counters = counters;
    sender.setDaemon(true);
    sender.start();
  }

  /**
   * Stores a record, soon.
   *
   * @throws IllegalStateException if an earlier record could not be stored
   */
  synchronized void store(Row row) {
    throwIfFailed();
    try {
      intake.store(row);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throwIfFailed();
      throw new IllegalStateException("the task was interrupted", e);
    }
    count();
    if (!hasUnsent) {
      hasUnsent = true;
      notifyAll();
    }
  }

  /**
   * Ends the intake.
   *
   * @param flush whether to wait until everything is stored
   * @throws IllegalStateException if something could not be stored. Without {@code flush}, only if
   *     no call has said so yet: the task fails because of an interrupt that does not say why
   */
  void close(boolean flush) {
    if (!flush) {
      sender.interrupt(); // it may wait for Cassandra
    }
    try {
      synchronized (this) {
        isClosed = true;
        notifyAll();
        if (flush || !isReported) {
          throwIfFailed();
        }
        if (flush) {
          RecordIntake.Stored rest = intake.takeStored();
          store.flush();
          acknowledged.add(new Acknowledged(rest, System.currentTimeMillis()));
          count();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the task was interrupted", e);
    } finally {
      synchronized (this) {
        store.close();
      }
    }
  }

  private void sendPeriodically() {
    try {
      while (awaitRecord()) {
        TimeUnit.MILLISECONDS.sleep(SEND_AFTER_MS);
        send();
      }
    } catch (InterruptedException e) {
      // The task has failed.
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Waits for a record to send. Returns false at the end of the task. */
  private synchronized boolean awaitRecord() throws InterruptedException {
    while (!hasUnsent && !isClosed) {
      wait(CHECK_MS);
      Throwable failed = unstored;
      if (failed != null) {
        throw new IllegalStateException(failed.toString(), failed);
      }
    }
    return !isClosed;
  }

  private synchronized void send() throws InterruptedException {
    if (isClosed) {
      return;
    }
    hasUnsent = false;
    RecordIntake.Stored rows = intake.takeStored();
    store.send(
        () -> acknowledged.add(new Acknowledged(rows, System.currentTimeMillis())),
        error -> unstored = error);
  }

  private synchronized void fail(Throwable cause) {
    if (isClosed) {
      return;
    }
    LOG.warn("a record could not be stored: the task fails", cause);
    failure = cause;
    task.interrupt();
  }

  private void throwIfFailed() {
    if (failure != null) {
      isReported = true;
      throw new IllegalStateException("a record could not be stored: " + failure, failure);
    }
  }

  private void count() {
    for (Acknowledged next = acknowledged.poll(); next != null; next = acknowledged.poll()) {
      next.rows.count(counters, next.at);
    }
  }
}
