package io.marketstream.auditor;

import java.util.List;

/**
 * A symbol's ticks in the topic.
 *
 * @param from epoch ms of receipt from which on the topic is known; Long.MIN_VALUE for all of it
 * @param ticks in the order of each partition, repetitions included
 */
public record TopicTicks(long from, List<TopicTick> ticks) {
  public TopicTicks {
    ticks = List.copyOf(ticks);
  }

  /** Whether their order is known: a symbol stands in two partitions once partitions were added. */
  boolean isOrdered() {
    return ticks.stream().allMatch(copy -> copy.place().isInSamePartition(ticks.get(0).place()));
  }
}
