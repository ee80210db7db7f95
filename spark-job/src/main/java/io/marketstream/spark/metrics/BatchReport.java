package io.marketstream.spark.metrics;

/**
 * One batch as the job itself saw it.
 *
 * @param id the batch's, as Spark counts them
 * @param counts not to be changed any more
 * @param millis from its start to its last row written
 * @param endedAt epoch ms
 */
public record BatchReport(long id, BatchCounts counts, long millis, long endedAt) {

  /**
   * The ms from {@code received_at} until it could be read that the given share of its ticks did
   * not exceed, or {@link SparkProgress#UNKNOWN} without ticks.
   */
  public long latency(double share) {
    return counts.ages().isEmpty() ? SparkProgress.UNKNOWN : counts.ages().quantile(share);
  }

  /** As {@link #latency}, of the tick that waited longest. */
  public long greatestLatency() {
    return counts.ages().isEmpty() ? SparkProgress.UNKNOWN : counts.ages().max();
  }
}
