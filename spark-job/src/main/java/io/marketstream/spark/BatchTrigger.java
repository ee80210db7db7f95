package io.marketstream.spark;

/** When the next batch starts. */
public sealed interface BatchTrigger {
  /** All there is, in as many batches as it takes, then the job ends. */
  record Once() implements BatchTrigger {}

  /**
   * For ever.
   *
   * @param millis from one start to the next; 0 = as soon as there is something to read
   */
  record Every(long millis) implements BatchTrigger {}
}
