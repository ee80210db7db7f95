package io.marketstream.spark.progress;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a query has come. Offsets are by partition name, such as {@code market_data-0}.
 *
 * @param nextOffsets the next offsets to read; all records below them are written. Null if unknown
 * @param latestOffsets the ends of the partitions when Spark last asked for them. Null if unknown
 * @param completeUntil all records that were in the topics before this time are written. Null if
 *     the query has not caught up yet
 * @param reportedAt when this progress was reported. Null if it never was
 */
public record QueryProgress(
    String query,
    @Nullable Map<String, Long> nextOffsets,
    @Nullable Map<String, Long> latestOffsets,
    @Nullable Instant completeUntil,
    @Nullable Instant reportedAt) {

  /** Returns the progress of a query of which only the name is known. */
  static QueryProgress unknown(String query) {
    return new QueryProgress(query, null, null, null, null);
  }

  /** Returns the same progress, reported at another time. */
  QueryProgress at(Instant now) {
    return new QueryProgress(query, nextOffsets, latestOffsets, completeUntil, now);
  }

  /**
   * Returns the progress after a trigger that has ended: its batch is committed, or there was
   * nothing to read.
   *
   * @param endOffset next offsets to read, as Spark writes them; null if there are no partitions
   * @param latestOffset ends of the partitions; null if there are none or Spark did not ask
   * @param askedAt not later than when Spark asked for the ends of the partitions
   */
  QueryProgress after(
      @Nullable String endOffset, @Nullable String latestOffset, Instant askedAt, Instant now) {
    Optional<Map<String, Long>> end = PartitionOffsets.read(endOffset);
    Optional<Map<String, Long>> latest = PartitionOffsets.read(latestOffset);
    return new QueryProgress(
        query,
        end.orElse(nextOffsets),
        latest.orElse(latestOffsets),
        isCaughtUp(endOffset, end, latestOffset, latest) ? askedAt : completeUntil,
        now);
  }

  /**
   * Returns whether the query has read everything. For a batch that is repeated after a restart,
   * Spark does not ask for the ends of the partitions. So a missing end means that nothing is left
   * only if there are no partitions at all.
   */
  private static boolean isCaughtUp(
      @Nullable String endOffset,
      Optional<Map<String, Long>> end,
      @Nullable String latestOffset,
      Optional<Map<String, Long>> latest) {
    if (latestOffset == null) {
      return endOffset == null || end.filter(Map::isEmpty).isPresent();
    }
    return end.isPresent() && latest.isPresent() && PartitionOffsets.reach(end.get(), latest.get());
  }
}
