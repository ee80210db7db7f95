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
 * Writes the rows of one task to the tables. Writing them again changes nothing.
 *
 * <p>For one thread. The session is borrowed with the first row: a task without rows costs nothing.
 */
public final class RowWriter implements AutoCloseable {
  private final WriteSettings settings;
  private final Map<String, PreparedStatement> inserts = new HashMap<>();
  private final RowEncoder encoder = new RowEncoder();
  private SharedSession.Lease lease;
  private BatchWriter batches;
  private boolean cannotPrepare;

  public RowWriter(WriteSettings settings) {
    this.settings = settings;
  }

  /**
   * @throws UnwritableRowException if no row can be made of it
   * @throws WriteException if Cassandra does not take it, or an earlier row
   */
  public void write(Tick tick) throws InterruptedException {
    PreparedStatement insert = insert(TicksTable.INSERT);
    TicksTable.Partition partition =
        new TicksTable.Partition(
            tick.source(), tick.symbol(), PartitionTime.hour(tick.eventTime()));
    BatchWriter.Open batch = batches.of(partition);
    if (batch.key == null) {
      batch.key = partition.encoded();
    }
    batches.add(batch, row(() -> TicksTable.encode(encoder, insert, batch.key, tick)));
  }

  /** As {@link #write(Tick)}. */
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

  /** Returns when Cassandra has acknowledged every row. */
  public void flush() throws InterruptedException {
    if (batches != null) {
      batches.flush();
    }
  }

  private void add(Object partition, EncodedRow row) throws InterruptedException {
    batches.add(batches.of(partition), row);
  }

  private PreparedStatement insert(String cql) throws InterruptedException {
    if (lease == null) {
      lease = SharedSession.lease(SparkEnv.get().conf());
      batches = new BatchWriter(lease.session(), settings);
    }
    PreparedStatement insert = inserts.get(cql);
    if (insert == null) {
      cannotPrepare = true;
      insert =
          lease.prepare(
              SimpleStatement.newInstance(
                      String.format(
                          cql, CqlIdentifier.fromInternal(settings.keyspace()).asCql(true)))
                  .setConsistencyLevel(DefaultConsistencyLevel.valueOf(settings.consistency())),
              settings.timeoutMs());
      cannotPrepare = false;
      inserts.put(cql, insert);
    }
    return insert;
  }

  /** Gives the session back; one on which writes got no answer nobody gets any more. */
  @Override
  public void close() {
    if (lease != null) {
      if (cannotPrepare || batches.mayBeOfTheSession()) {
        lease.giveUp();
      }
      lease.close();
    }
  }
}
