package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.marketstream.spark.candle.Candle;
import io.marketstream.spark.candle.LatestTick;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.Tick;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;

/**
 * Writes the rows of one task to the tables. Writing a row again changes nothing.
 *
 * <p>For one thread. The first row leases the session, so that a task without rows needs none.
 */
public final class RowWriter implements AutoCloseable {
  private final WriteSettings settings;
  private final Map<String, PreparedStatement> inserts = new HashMap<>();
  private final RowEncoder encoder = new RowEncoder();
  private SharedSession.Lease lease;
  private BatchWriter batches;
  private boolean isPreparing;

  public RowWriter(WriteSettings settings) {
    this.settings = settings;
  }

  /**
   * Writes a tick.
   *
   * @throws UnwritableRowException if the tick cannot be encoded as a row
   * @throws WriteException if Cassandra does not accept this row or an earlier one
   */
  public void write(Tick tick) throws InterruptedException {
    PreparedStatement insert = insert(TicksTable.INSERT);
    TicksTable.Partition partition =
        new TicksTable.Partition(
            tick.source(), tick.symbol(), PartitionTime.hour(tick.eventTime()));
    BatchWriter.PendingBatch batch = batches.pendingBatch(partition);
    if (batch.key == null) {
      batch.key = partition.encoded();
    }
    batches.add(batch, row(() -> TicksTable.encode(encoder, insert, batch.key, tick)));
  }

  /** Writes a gap; see {@link #write(Tick)}. */
  public void write(Gap gap) throws InterruptedException {
    PreparedStatement insert = insert(FeedGapsTable.INSERT);
    add(
        new FeedGapsTable.Partition(
            gap.source(), gap.symbol(), PartitionTime.month(gap.gapStart())),
        row(() -> FeedGapsTable.encode(encoder, insert, gap)));
  }

  private static EncodedRow row(Supplier<EncodedRow> encoding) {
    try {
      return encoding.get();
    } catch (RuntimeException | StackOverflowError defect) {
      throw new UnwritableRowException(defect);
    }
  }

  public void write(Candle candle) throws InterruptedException {
    add(
        new CandlesTable.Partition(
            candle.source(),
            candle.symbol(),
            candle.interval(),
            PartitionTime.month(candle.openTime())),
        CandlesTable.encode(encoder, insert(CandlesTable.INSERT), candle));
  }

  public void write(LatestTick latest) throws InterruptedException {
    add(
        new LatestTicksTable.Partition(latest.tick().source()),
        LatestTicksTable.encode(encoder, insert(LatestTicksTable.INSERT), latest));
  }

  /** Waits until Cassandra has acknowledged every row. */
  public void flush() throws InterruptedException {
    if (batches != null) {
      batches.flush();
    }
  }

  private void add(Object partition, EncodedRow row) throws InterruptedException {
    batches.add(batches.pendingBatch(partition), row);
  }

  private PreparedStatement insert(String cql) throws InterruptedException {
    if (lease == null) {
      lease = SharedSession.lease(SparkEnv.get().conf());
      batches = new BatchWriter(lease.session(), settings);
    }
    PreparedStatement insert = inserts.get(cql);
    if (insert == null) {
      isPreparing = true;
      insert =
          lease.prepare(
              SimpleStatement.newInstance(
                      String.format(
                          cql, CqlIdentifier.fromInternal(settings.keyspace()).asCql(true)))
                  .setConsistencyLevel(DefaultConsistencyLevel.valueOf(settings.consistency())),
              settings.timeoutMs());
      isPreparing = false;
      inserts.put(cql, insert);
    }
    return insert;
  }

  /** Returns the session. A session that did not answer is not used again. */
  @Override
  public void close() {
    if (lease != null) {
      if (isPreparing || batches.suspectsSession()) {
        lease.discardSession();
      }
      lease.close();
    }
  }
}
