package io.marketstream.spark.stream;

/** Hears of the batches of one query, on the query's thread. */
interface BatchListener {
  /**
   * A batch is about to read and write.
   *
   * @throws InterruptedException if it must not, because the query is being stopped
   */
  void begins() throws InterruptedException;

  /**
   * A batch has written everything; Spark commits it next.
   *
   * @param id as Spark counts batches
   */
  void written(long id);

  /** A batch failed after {@link #begins} had let it pass. */
  void failed();
}
