package io.marketstream.spark.stream;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;

/** How many tasks can run at the same time. */
final class TaskSlots {
  private static final String PARALLELISM = "spark.default.parallelism";
  private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+)[,\\]].*");

  private TaskSlots() {}

  /**
   * Returns the slots of the executors that are registered now.
   *
   * @return empty if Spark does not say: {@code spark.default.parallelism} is set on a cluster
   */
  static OptionalInt of(SparkContext context) {
    int perTask = Math.max(1, context.conf().getInt("spark.task.cpus", 1));
    Matcher local = LOCAL.matcher(context.master());
    if (local.matches()) {
      return OptionalInt.of(Integer.parseInt(local.group(1)) / perTask);
    }
    return context.conf().contains(PARALLELISM)
        ? OptionalInt.empty()
        : OptionalInt.of(context.defaultParallelism() / perTask);
  }
}
