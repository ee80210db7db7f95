package io.marketstream.spark.metrics;

import java.util.List;

/**
 * A query as metrics and log show it.
 *
 * @param name first part of its metrics' names
 * @param counted what it counts, in the order of the log
 * @param stateful whether it keeps state between batches
 */
public record ObservedQuery(String name, List<Counted> counted, boolean stateful) {

  /**
   * @param meaning for the documentation
   */
  public record Counted(Count count, String meaning) {}

  public ObservedQuery {
    counted = List.copyOf(counted);
  }
}
