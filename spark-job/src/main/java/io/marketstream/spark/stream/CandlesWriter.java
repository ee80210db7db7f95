package io.marketstream.spark.stream;

import io.marketstream.spark.candle.Candle;
import io.marketstream.spark.candle.FoldedRowCodec;
import io.marketstream.spark.candle.LatestTick;
import io.marketstream.spark.cassandra.RowWriter;
import io.marketstream.spark.cassandra.WriteSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;

/** Writes what one task of the fold changed. */
final class CandlesWriter implements DataWriter<InternalRow> {
  /** Travels to the executors. */
  record Factory(WriteSettings settings) implements StreamingDataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partitionId, long taskId, long epochId) {
      return new CandlesWriter(new RowWriter(settings));
    }
  }

  private static final class Written implements WriterCommitMessage {
    private static final long serialVersionUID = 1L;
  }

  private final RowWriter rows;
  private final FoldedRowCodec.Taker toTables =
      new FoldedRowCodec.Taker() {
        @Override
        public void take(Candle candle) throws InterruptedException {
          rows.write(candle);
        }

        @Override
        public void take(LatestTick latest) throws InterruptedException {
          rows.write(latest);
        }
      };

  private CandlesWriter(RowWriter rows) {
    this.rows = rows;
  }

  @Override
  public void write(InternalRow row) throws IOException {
    try {
      FoldedRowCodec.decode(row.getBinary(0), toTables);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Comes after the state of the fold is committed: if it fails, Spark repeats the task. */
  @Override
  public WriterCommitMessage commit() throws IOException {
    try {
      rows.flush();
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
