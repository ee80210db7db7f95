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
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Parses Kafka records, passes each to a store as a tick, gap or reject, and counts them.
 *
 * <p>For one thread.
 */
final class RecordIntake {
  /** A tick that is older than this when received counts as delayed, as in the connectors. */
  private static final long DELAYED_MS = 60_000;

  /** A tick that is further than this ahead means that one of the clocks is wrong. */
  private static final long AHEAD_MS = 2_000;

  /** Rows that count as written once they are stored. */
  static final class Stored {
    private final long rows;

    /** Of each tick, epoch ms. */
    private final long[] receivedAt;

    private Stored(long rows, long[] receivedAt) {
      this.rows = rows;
      this.receivedAt = receivedAt;
    }

    /**
     * Counts the rows, and the age of each tick.
     *
     * @param now when all of them were stored, epoch ms
     */
    void count(BatchCountsAccumulator counters, long now) {
      counters.add(JobCounter.WRITTEN, rows);
      for (long millis : receivedAt) {
        counters.addAge(now - millis);
      }
    }
  }

  private final RecordParser parser;
  private final RecordStore store;
  private final BatchCountsAccumulator counters;
  private long[] receivedAt = new long[64];
  private int ticks;
  private long rows;

  RecordIntake(
      String gapsTopic,
      long futureToleranceMs,
      RecordStore store,
      BatchCountsAccumulator counters) {
    this.parser = new RecordParser(gapsTopic, futureToleranceMs);
    this.store = store;
    this.counters = counters;
  }

  /**
   * Stores and counts a record.
   *
   * @param row as {@link KafkaSource} has it
   * @return the encoded tick, or null if the record is not a tick
   */
  byte @Nullable [] store(Row row) throws InterruptedException {
    counters.add(JobCounter.READ, 1);
    RecordPosition at = position(row);
    byte[] value = value(row);
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

  static RecordPosition position(Row row) {
    return new RecordPosition(
        row.getString(KafkaSource.TOPIC),
        row.getInt(KafkaSource.PARTITION),
        row.getLong(KafkaSource.OFFSET));
  }

  static byte[] value(Row row) {
    return row.getAs(KafkaSource.VALUE);
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

  private void countDelay(long ms) {
    if (ms > DELAYED_MS) {
      counters.add(JobCounter.DELAYED, 1);
    } else if (ms < -AHEAD_MS) {
      counters.add(JobCounter.AHEAD, 1);
    }
  }

  /** Returns the rows since the last call. The caller counts them when they are stored. */
  Stored takeStored() {
    Stored taken = new Stored(rows, Arrays.copyOf(receivedAt, ticks));
    rows = 0;
    ticks = 0;
    return taken;
  }
}
