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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one task to the tables. Writing a row again changes nothing.
 *
 * <p>For one thread. The first row leases the session, so that a task without rows needs none.
 */
public final class RowWriter implements AutoCloseable {
  private final WriteSettings settings;
  private final Map<String, PreparedStatement> inserts = new HashMap<>();
  private final RowEncoder encoder = new RowEncoder();
  private @Nullable Connection connection;
  private boolean isPreparing;

  /** The leased session, and the requests that use it. */
  private record Connection(SharedSession.Lease lease, BatchWriter batches) {}

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
    BatchWriter batches = connection().batches();
    BatchWriter.PendingBatch batch = batches.pendingBatch(partition);
    EncodedKey key = key(batch, partition);
    batches.add(batch, row(() -> TicksTable.encode(encoder, insert, key, tick)));
  }

  /** Writes a gap; see {@link #write(Tick)}. */
  public void write(Gap gap) throws InterruptedException {
    PreparedStatement insert = insert(FeedGapsTable.INSERT);
    add(
        new FeedGapsTable.Partition(
            gap.source(), gap.symbol(), PartitionTime.month(gap.gapStart())),
        row(() -> FeedGapsTable.encode(encoder, insert, gap)));
  }

  private static EncodedKey key(BatchWriter.PendingBatch batch, TicksTable.Partition partition) {
    EncodedKey key = batch.key;
    if (key == null) {
      key = partition.encoded();
      batch.key = key;
    }
    return key;
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

  /**
   * Sends every row without waiting for answers.
   *
   * @param whenStored runs once Cassandra has acknowledged every row that was written since the
   *     last call. It may run on a thread of the driver, which it must not block. It does not run
   *     if a row was not accepted
   * @param whenFailed runs if Cassandra did not accept one of them, perhaps more than once, on such
   *     a thread
   * @throws WriteException if Cassandra did not accept an earlier row
   */
  public void send(Runnable whenStored, Consumer<Throwable> whenFailed)
      throws InterruptedException {
    if (connection == null) {
      whenStored.run();
    } else {
      connection.batches().send(whenStored, whenFailed);
    }
  }

  /** Waits until Cassandra has acknowledged every row. */
  public void flush() throws InterruptedException {
    if (connection != null) {
      connection.batches().flush();
    }
  }

  private void add(Object partition, EncodedRow row) throws InterruptedException {
    BatchWriter batches = connection().batches();
    batches.add(batches.pendingBatch(partition), row);
  }

  private Connection connection() throws InterruptedException {
    if (connection == null) {
      SharedSession.Lease lease = SharedSession.lease(SparkEnv.get().conf());
      connection = new Connection(lease, new BatchWriter(lease.session(), settings));
    }
    return connection;
  }

  private PreparedStatement insert(String cql) throws InterruptedException {
    PreparedStatement insert = inserts.get(cql);
    if (insert == null) {
      SharedSession.Lease lease = connection().lease();
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
    if (connection != null) {
      if (isPreparing || connection.batches().suspectsSession()) {
        connection.lease().discardSession();
      }
      connection.lease().close();
    }
  }
}
