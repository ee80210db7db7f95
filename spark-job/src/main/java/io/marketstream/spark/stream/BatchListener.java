package io.marketstream.spark.stream;

/** Receives the start and end of each batch of a query, on the query's thread. */
interface BatchListener {
  /**
   * Called before a batch reads and writes.
   *
   * @throws InterruptedException if the batch must not start, because the query is being stopped
   */
  void onBatchStart() throws InterruptedException;

  /**
   * Called when a batch has written everything. Spark commits it next.
   *
   * @param id Spark's id of the batch
   */
  void onBatchWritten(long id);

  /** Called when a batch has failed after {@link #onBatchStart}. */
  void onBatchFailed();
}
