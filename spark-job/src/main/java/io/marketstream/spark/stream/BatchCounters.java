package io.marketstream.spark.stream;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * What executors count while they work on a batch, so that no batch is read again only to be
 * counted. A task that Spark runs twice counts twice: the numbers are for logs, never for decisions
 * that a too high number could spoil.
 */
final class BatchCounters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, LongAccumulator> accumulators = new LinkedHashMap<>();

  BatchCounters(SparkSession spark, String query, String... names) {
    for (String name : names) {
      accumulators.put(name, spark.sparkContext().longAccumulator(query + " " + name));
    }
  }

  /** On an executor. */
  void add(String name, long count) {
    if (count != 0) {
      accumulators.get(name).add(count);
    }
  }

  /** On the driver, once the batch is written. */
  long get(String name) {
    return accumulators.get(name).value();
  }

  /** On the driver, before a batch. */
  void reset() {
    accumulators.values().forEach(LongAccumulator::reset);
  }

  /** On the driver: {@code name=count …}. */
  String format() {
    return accumulators.entrySet().stream()
        .map((Map.Entry<String, LongAccumulator> e) -> e.getKey() + "=" + e.getValue().value())
        .collect(Collectors.joining(" "));
  }
}
