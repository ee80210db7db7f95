package io.marketstream.spark.stream;

import io.marketstream.model.RejectReason;
import io.marketstream.spark.cassandra.UnwritableRowException;
import io.marketstream.spark.codec.TickCodec;
import io.marketstream.spark.kafka.KafkaSource;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.metrics.JobCounter;
import io.marketstream.spark.parse.RecordParser;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.MarketRecord;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.util.Arrays;
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

  /** A tick that is older than this when received counts as delayed, as in the connectors. */
  private static final long DELAYED_MS = 60_000;

  /** A tick that is further than this ahead means that one of the clocks is wrong. */
  private static final long AHEAD_MS = 2_000;

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
    private final RecordParser parser = new RecordParser(gapsTopic, futureToleranceMs);
    private final Iterator<Row> records;
    private final RecordStore store;
    private long[] receivedAt = new long[64];
    private int ticks;
    private long rows;
    private byte @Nullable [] next;
    private boolean isFinished;

    Ticks(Iterator<Row> records, RecordStore store) {
      this.records = records;
      this.store = store;
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null && records.hasNext()) {
          next = process(records.next());
        }
        if (next == null && !isFinished) {
          isFinished = true;
          store.flush();
          counters.add(JobCounter.WRITTEN, rows);
          countAges();
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

    /** Stores a record. Returns the encoded tick, or null if the record is not a tick. */
    private byte @Nullable [] process(Row row) throws InterruptedException {
      counters.add(JobCounter.READ, 1);
      RecordPosition at =
          new RecordPosition(
              row.getString(KafkaSource.TOPIC),
              row.getInt(KafkaSource.PARTITION),
              row.getLong(KafkaSource.OFFSET));
      byte[] value = row.getAs(KafkaSource.VALUE);
      long timestamp = row.getLong(KafkaSource.TIMESTAMP);
      MarketRecord record = parser.parse(at, value, timestamp);
      try {
        byte[] encoded = record instanceof Tick tick ? encode(tick) : null;
        store(record);
        return encoded;
      } catch (UnwritableRowException defect) {
        store(RecordParser.internalError(at, value, timestamp, defect.getCause()));
        return null;
      }
    }

    private static byte[] encode(Tick tick) {
      try {
        return TickCodec.encode(tick);
      } catch (RuntimeException | StackOverflowError defect) {
        throw new UnwritableRowException(defect);
      }
    }

    private void store(MarketRecord record) throws InterruptedException {
      if (record instanceof Tick tick) {
        store.add(tick);
        rows++;
        addReceivedAt(tick.receivedAt());
        counters.add(JobCounter.TICKS, 1);
        countDelay(tick.receivedAt() - tick.eventTime());
      } else if (record instanceof Gap gap) {
        store.add(gap);
        rows++;
        counters.add(JobCounter.GAPS, 1);
      } else if (record instanceof Reject reject) {
        store.add(reject);
        counters.add(JobCounter.REJECTED, 1);
        if (reject.reason() == RejectReason.INTERNAL_ERROR) {
          counters.add(JobCounter.INTERNAL_ERRORS, 1);
        }
      }
    }

    private void addReceivedAt(long millis) {
      if (ticks == receivedAt.length) {
        receivedAt = Arrays.copyOf(receivedAt, 2 * ticks);
      }
      receivedAt[ticks++] = millis;
    }

    /** Counts the ages of the ticks now, when all of them can be read in the table. */
    private void countAges() {
      long now = System.currentTimeMillis();
      for (int i = 0; i < ticks; i++) {
        counters.addAge(now - receivedAt[i]);
      }
    }

    private void countDelay(long ms) {
      if (ms > DELAYED_MS) {
        counters.add(JobCounter.DELAYED, 1);
      } else if (ms < -AHEAD_MS) {
        counters.add(JobCounter.AHEAD, 1);
      }
    }
  }
}
