package io.marketstream.spark.stream;

import io.marketstream.spark.cassandra.RowWriter;
import io.marketstream.spark.cassandra.WriteSettings;
import io.marketstream.spark.kafka.RejectPublisher;
import io.marketstream.spark.kafka.RejectedTopic;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.util.function.Consumer;

/** Stores ticks and gaps in their tables, and rejects in their topic. */
final class TablesAndRejectedTopic implements RecordStore {
  /** The tables and the topic. Spark sends them to the executors. */
  record Destination(WriteSettings tables, RejectedTopic rejectedTopic)
      implements RecordStore.Opener {
    @Override
    public RecordStore open() {
      return new TablesAndRejectedTopic(new RowWriter(tables), new RejectPublisher(rejectedTopic));
    }
  }

  private final RowWriter rows;
  private final RejectPublisher rejects;

  private TablesAndRejectedTopic(RowWriter rows, RejectPublisher rejects) {
    this.rows = rows;
    this.rejects = rejects;
  }

  @Override
  public void add(Tick tick) throws InterruptedException {
    rows.write(tick);
  }

  @Override
  public void add(Gap gap) throws InterruptedException {
    rows.write(gap);
  }

  @Override
  public void add(Reject reject) throws InterruptedException {
    rejects.publish(reject);
  }

  /** Rejects are on their way already. */
  @Override
  public void send(Runnable whenRowsStored, Consumer<Throwable> whenFailed)
      throws InterruptedException {
    rows.send(whenRowsStored, whenFailed);
  }

  @Override
  public void flush() throws InterruptedException {
    rows.flush();
    rejects.flush();
  }

  @Override
  public void close() {
    rows.close();
  }
}
