package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/**
 * The range of offsets in which topics are read.
 *
 * @param begins offsets by partition
 * @param ends offsets by partition, never below the begin
 * @param from epoch ms of receipt from which on all records are read; Long.MIN_VALUE if the topics
 *     are read from their first record and no older one has expired
 * @param until epoch ms of receipt until which all records are read; Long.MAX_VALUE if the topics
 *     are read to their ends
 */
public record TopicRange(
    Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, long from, long until) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The largest possible number of records. A compacted topic, or one with transactions, has fewer.
   */
  public long records() {
    return ends.entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - begin(end.getKey())))
        .sum();
  }

  private long begin(TopicPartition partition) {
    return Objects.requireNonNull(begins.get(partition), "a partition without its begin");
  }

  /** The end of a partition of the range. */
  long end(TopicPartition partition) {
    return Objects.requireNonNull(ends.get(partition), "a partition without its end");
  }

  /** Splits the range into at most {@code parts} ranges with different partitions. */
  List<TopicRange> split(int parts) {
    List<TopicRange> ranges = new ArrayList<>();
    for (int i = 0; i < Math.min(parts, ends.size()); i++) {
      ranges.add(new TopicRange(new HashMap<>(), new HashMap<>(), from, until));
    }
    int next = 0;
    for (TopicPartition partition : ends.keySet()) {
      TopicRange part = ranges.get(next++ % ranges.size());
      part.begins().put(partition, begins.get(partition));
      part.ends().put(partition, ends.get(partition));
    }
    return ranges;
  }

  /** The first offsets in the format of Spark: {@code {"topic":{"0":123}}}. */
  public String beginsJson() {
    return json(begins);
  }

  /** The end offsets in the format of Spark. */
  public String endsJson() {
    return json(ends);
  }

  private static String json(Map<TopicPartition, Long> offsets) {
    ObjectNode root = JSON.createObjectNode();
    offsets.forEach(
        (partition, offset) ->
            root.withObject("/" + partition.topic())
                .put(Integer.toString(partition.partition()), offset));
    return root.toString();
  }
}
