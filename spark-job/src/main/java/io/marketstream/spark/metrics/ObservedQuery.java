package io.marketstream.spark.metrics;

import java.util.List;

/**
 * A query as metrics and log show it.
 *
 * @param name Spark's name of it
 * @param counted what it counts, in the order of the log
 */
public record ObservedQuery(String name, List<Counted> counted) {

  /**
   * @param meaning for the documentation
   */
  public record Counted(Count count, String meaning) {}

  public ObservedQuery {
    counted = List.copyOf(counted);
  }
}
