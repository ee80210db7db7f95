package io.marketstream.spark.stream;

import io.marketstream.spark.cassandra.RowWriter;
import io.marketstream.spark.cassandra.WriteSettings;
import io.marketstream.spark.kafka.RejectPublisher;
import io.marketstream.spark.kafka.RejectedTopic;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;

/** Ticks and gaps to their tables, rejects to their topic. */
final class TablesAndTopic implements RecordStore {
  /** What a task needs to know for it. */
  record To(WriteSettings tables, RejectedTopic rejectedTopic) implements RecordStore.Opener {
    @Override
    public RecordStore open() {
      return new TablesAndTopic(new RowWriter(tables), new RejectPublisher(rejectedTopic));
    }
  }

  private final RowWriter rows;
  private final RejectPublisher rejects;

  private TablesAndTopic(RowWriter rows, RejectPublisher rejects) {
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
