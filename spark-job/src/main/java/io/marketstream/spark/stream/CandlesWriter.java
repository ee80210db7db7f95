package io.marketstream.spark.stream;

import io.marketstream.spark.candle.Candle;
import io.marketstream.spark.candle.FoldedRowCodec;
import io.marketstream.spark.candle.LatestTick;
import io.marketstream.spark.cassandra.RowWriter;
import io.marketstream.spark.cassandra.WriteSettings;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import io.marketstream.spark.metrics.JobCounter;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;

/** Writes the candles and latest ticks that one task of the fold changed. */
final class CandlesWriter implements DataWriter<InternalRow> {
  /** Creates the writers. Spark sends it to the executors. */
  record Factory(WriteSettings settings, BatchCountsAccumulator counts)
      implements StreamingDataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partitionId, long taskId, long epochId) {
      return new CandlesWriter(new RowWriter(settings), counts);
    }
  }

  private static final class Written implements WriterCommitMessage {
    private static final long serialVersionUID = 1L;
  }

  private final RowWriter rows;
  private final BatchCountsAccumulator counts;
  private long pending;
  private final FoldedRowCodec.Handler toTables =
      new FoldedRowCodec.Handler() {
        @Override
        public void handle(Candle candle) throws InterruptedException {
          rows.write(candle);
        }

        @Override
        public void handle(LatestTick latest) throws InterruptedException {
          rows.write(latest);
        }
      };

  private CandlesWriter(RowWriter rows, BatchCountsAccumulator counts) {
    this.rows = rows;
    this.counts = counts;
  }

  @Override
  public void write(InternalRow row) throws IOException {
    try {
      FoldedRowCodec.decode(row.getBinary(0), toTables);
      pending++;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Runs after the state of the fold is committed. If it fails, Spark repeats the task. */
  @Override
  public WriterCommitMessage commit() throws IOException {
    try {
      rows.flush();
      counts.add(JobCounter.WRITTEN, pending);
      pending = 0;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return new Written();
  }

  @Override
  public void abort() {}

  @Override
  public void close() {
    rows.close();
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("the task was interrupted");
    interrupted.initCause(e);
    return interrupted;
  }
}
