package io.marketstream.spark.progress;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How far a query has come. Offsets are those of the partitions by their names ({@code
 * market_data-0}).
 *
 * @param nextOffsets where the query goes on: everything below is written. Null if not known
 * @param latestOffsets where the partitions ended when Spark looked last. Null if not known
 * @param completeUntil every record that stood in the topics before this moment is written. Null if
 *     the query has not caught up yet
 */
public record QueryProgress(
    String query,
    Map<String, Long> nextOffsets,
    Map<String, Long> latestOffsets,
    Instant completeUntil,
    Instant reportedAt) {

  /** Nothing is known of the query but its name. */
  static QueryProgress unknown(String query) {
    return new QueryProgress(query, null, null, null, null);
  }

  /**
   * After a trigger that has ended: what it wrote is committed, or there was nothing to write.
   *
   * @param endOffset where the query goes on, as Spark writes it; null if there is no partition
   * @param latestOffset where the partitions ended; null if there is none, or Spark did not look
   * @param looked not later than Spark's look at the ends of the partitions
   */
  QueryProgress after(String endOffset, String latestOffset, Instant looked, Instant now) {
    Optional<Map<String, Long>> end = PartitionOffsets.read(endOffset);
    Optional<Map<String, Long>> latest = PartitionOffsets.read(latestOffset);
    return new QueryProgress(
        query,
        end.orElse(nextOffsets),
        latest.orElse(latestOffsets),
        isCaughtUp(endOffset, end, latestOffset, latest) ? looked : completeUntil,
        now);
  }

  /**
   * A batch that is repeated after a restart has no ends of partitions: Spark does not look. So
   * only where there is no partition at all does their absence mean that nothing is left.
   */
  private static boolean isCaughtUp(
      String endOffset,
      Optional<Map<String, Long>> end,
      String latestOffset,
      Optional<Map<String, Long>> latest) {
    if (latestOffset == null) {
      return endOffset == null || end.filter(Map::isEmpty).isPresent();
    }
    return end.isPresent() && latest.isPresent() && PartitionOffsets.reach(end.get(), latest.get());
  }
}
