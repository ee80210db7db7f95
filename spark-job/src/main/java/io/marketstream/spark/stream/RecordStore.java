package io.marketstream.spark.stream;

import io.marketstream.spark.cassandra.UnwritableRowException;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.io.Serializable;

/** Where one task puts what it reads. For one thread. */
interface RecordStore extends AutoCloseable {
  /** Makes the store of a task, on its executor. */
  interface Opener extends Serializable {
    RecordStore open();
  }

  /**
   * @throws UnwritableRowException if the tick cannot be stored, whatever is tried
   */
  void add(Tick tick) throws InterruptedException;

  /** As {@link #add(Tick)}. */
  void add(Gap gap) throws InterruptedException;

  void add(Reject reject) throws InterruptedException;

  /** Returns when all of it is where it belongs; throws if something is not. */
  void flush() throws InterruptedException;

  /** The end of the task, whether or not it succeeded. */
  @Override
  void close();
}
