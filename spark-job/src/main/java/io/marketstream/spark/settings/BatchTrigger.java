package io.marketstream.spark.settings;

/** Decides when the next batch starts. */
public sealed interface BatchTrigger {
  /** Processes everything that is in the topics, in one or more batches. Then the job ends. */
  record Once() implements BatchTrigger {}

  /**
   * Starts batches until the job is stopped.
   *
   * @param millis from one start to the next; 0 starts a batch as soon as there are records
   */
  record Every(long millis) implements BatchTrigger {}

  /**
   * Stores each record as soon as it arrives, until the job is stopped. Needs Spark 4.1.
   *
   * @param checkpointMillis time from one commit of the checkpoint to the next
   */
  record RealTime(long checkpointMillis) implements BatchTrigger {}
}
