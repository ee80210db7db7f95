package io.marketstream.spark.stream;

import io.marketstream.spark.cassandra.UnwritableRowException;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.Reject;
import io.marketstream.spark.record.Tick;
import java.io.Serializable;
import java.util.function.Consumer;

/** Stores the records that one task reads. For one thread. */
interface RecordStore extends AutoCloseable {
  /** Opens the store of a task, on the executor. */
  interface Opener extends Serializable {
    RecordStore open();
  }

  /**
   * Adds a tick.
   *
   * @throws UnwritableRowException if the tick cannot be encoded as a row
   */
  void add(Tick tick) throws InterruptedException;

  /** Adds a gap; see {@link #add(Tick)}. */
  void add(Gap gap) throws InterruptedException;

  void add(Reject reject) throws InterruptedException;

  /**
   * Sends every record on its way, without waiting until it is stored.
   *
   * @param whenRowsStored runs once all ticks and gaps that were added since the last call are
   *     stored. It may run on any thread, which it must not block. It does not run if one was not
   *     stored; a later call then throws an exception
   * @param whenFailed runs if one of them was not stored, perhaps more than once. It may run on any
   *     thread, which it must not block
   */
  void send(Runnable whenRowsStored, Consumer<Throwable> whenFailed) throws InterruptedException;

  /** Waits until every record is stored. Throws an exception if one is not. */
  void flush() throws InterruptedException;

  /** Ends the task, whether or not it succeeded. */
  @Override
  void close();
}
