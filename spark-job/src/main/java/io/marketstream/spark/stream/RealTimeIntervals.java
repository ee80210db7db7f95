package io.marketstream.spark.stream;

import io.marketstream.spark.progress.PartitionOffsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint intervals that a run of the real-time query has committed.
 *
 * <p>Spark commits an interval also if it did not read a partition: a task that gets its slot after
 * the end of the interval reads nothing. So the job checks the partitions of each interval.
 */
final class RealTimeIntervals implements FoldBesideRealTime.Intervals {
  private static final Logger LOG = LoggerFactory.getLogger(RealTimeIntervals.class);

  private final StreamingQuery query;
  private final SparkContext context;

  /** How many records each partition had that the last interval did not read. */
  private Map<String, Long> unread = Map.of();

  RealTimeIntervals(StreamingQuery query, SparkContext context) {
    this.query = query;
    this.context = context;
  }

  @Override
  public long committed() {
    StreamingQueryProgress last = query.lastProgress();
    return last == null ? -1 : last.batchId();
  }

  @Override
  public void check() {
    StreamingQueryProgress last = query.lastProgress();
    if (last == null) {
      return;
    }
    SourceProgress source = last.sources()[0]; // the query has one source
    Map<String, Long> end = PartitionOffsets.read(source.endOffset()).orElse(Map.of());
    TaskSlots.requireOfLocalMaster(context, end.size()); // partitions may have been added
    TaskSlots.shortage(context, end.size())
        .ifPresent(
            message ->
                LOG.warn("{}: give the job more cores, or some partitions are not read", message));
    warnOfUnread(
        unread(
            PartitionOffsets.read(source.startOffset()).orElse(Map.of()),
            end,
            PartitionOffsets.read(source.latestOffset()).orElse(Map.of())));
  }

  private void warnOfUnread(Map<String, Long> now) {
    Map<String, Long> twice = new TreeMap<>(now);
    twice.keySet().retainAll(unread.keySet());
    unread = now;
    if (!twice.isEmpty()) {
      LOG.warn(
          "the last two intervals stored no record of these partitions, which have some: {}. Either"
              + " they had no task slot, or their next records are gone, or their topic has"
              + " transactions (exactly-once connectors), which the real-time mode does not support",
          twice);
    }
  }

  /**
   * Returns how many records each partition had at the start of an interval that read none of them.
   * Only partitions with such records.
   */
  static Map<String, Long> unread(
      Map<String, Long> start, Map<String, Long> end, Map<String, Long> latest) {
    Map<String, Long> unread = new TreeMap<>();
    end.forEach(
        (partition, next) -> {
          long records = latest.getOrDefault(partition, 0L) - next;
          if (next.equals(start.get(partition)) && records > 0) {
            unread.put(partition, records);
          }
        });
    return unread;
  }
}
