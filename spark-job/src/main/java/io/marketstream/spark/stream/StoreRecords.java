package io.marketstream.spark.stream;

import io.marketstream.spark.metrics.BatchCountsAccumulator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Stores each Kafka record as a tick, gap or reject, in the first stage of a batch.
 *
 * <p>It returns the ticks, encoded, for the second stage. A task ends only after everything that it
 * has read is stored.
 */
final class StoreRecords implements MapPartitionsFunction<Row, byte[]> {
  private static final long serialVersionUID = 1L;

  private final String gapsTopic;
  private final long futureToleranceMs;
  private final RecordStore.Opener opener;
  private final BatchCountsAccumulator counters;

  StoreRecords(
      String gapsTopic,
      long futureToleranceMs,
      RecordStore.Opener opener,
      BatchCountsAccumulator counters) {
    this.gapsTopic = gapsTopic;
    this.futureToleranceMs = futureToleranceMs;
    this.opener = opener;
    this.counters = counters;
  }

  @Override
  public Iterator<byte[]> call(Iterator<Row> records) {
    RecordStore store = opener.open();
    TaskContext.get()
        .addTaskCompletionListener(
            new TaskCompletionListener() {
              @Override
              public void onTaskCompletion(TaskContext task) {
                store.close();
              }
            });
    return new Ticks(records, store);
  }

  private final class Ticks implements Iterator<byte[]> {
    private final Iterator<Row> records;
    private final RecordStore store;
    private final RecordIntake intake;
    private byte @Nullable [] next;
    private boolean isFinished;

    Ticks(Iterator<Row> records, RecordStore store) {
      this.records = records;
      this.store = store;
      this.intake = new RecordIntake(gapsTopic, futureToleranceMs, store, counters);
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null && records.hasNext()) {
          next = intake.store(records.next());
        }
        if (next == null && !isFinished) {
          isFinished = true;
          store.flush();
          intake.takeStored().count(counters, System.currentTimeMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the task was interrupted", e);
      }
      return next != null;
    }

    @Override
    public byte[] next() {
      byte[] tick = hasNext() ? next : null;
      if (tick == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return tick;
    }
  }
}
