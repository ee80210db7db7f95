package io.marketstream.spark.stream;

import io.marketstream.spark.failure.JobFailedException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;

/**
 * Whether the real-time query has the task slots that it needs: one for each partition of the
 * topics, and at least one for the fold.
 */
final class TaskSlots {
  private static final String PARALLELISM = "spark.default.parallelism";
  private static final String ONE_THREAD = "local";

  /** {@code *} stands for all processors. A second number is the limit of failures of a task. */
  private static final Pattern THREADS = Pattern.compile("local\\[(\\d+|\\*)\\s*[,\\]].*");

  private TaskSlots() {}

  /**
   * Checks that a local master has enough slots. On a cluster, executors come and go, so nothing is
   * required of it.
   *
   * @throws JobFailedException if a local master has too few
   */
  static void requireOfLocalMaster(SparkContext context, int partitions) {
    if (context.isLocal()) {
      shortage(context, partitions)
          .ifPresent(
              message -> {
                throw new JobFailedException(
                    message + ": give --master 'local[" + (partitions + 2) + "]'");
              });
    }
  }

  /** Returns what is missing, or empty if there are enough slots or Spark does not say. */
  static Optional<String> shortage(SparkContext context, int partitions) {
    return shortage(context, partitions, Runtime.getRuntime().availableProcessors());
  }

  /**
   * The same on a machine with a number of processors.
   *
   * @param processors available to this process
   */
  static Optional<String> shortage(SparkContext context, int partitions, int processors) {
    OptionalInt slots = registered(context, processors);
    if (slots.isEmpty() || slots.getAsInt() > partitions) {
      return Optional.empty();
    }
    return Optional.of(
        "--trigger realtime needs "
            + (partitions + 1)
            + " task slots, one for each of the "
            + partitions
            + " partitions and at least one for the candles, and there are "
            + slots.getAsInt());
  }

  /**
   * Returns the slots of the executors that are registered now.
   *
   * @return empty if Spark does not say: {@code spark.default.parallelism} is set on a cluster
   */
  private static OptionalInt registered(SparkContext context, int processors) {
    int perTask = Math.max(1, context.conf().getInt("spark.task.cpus", 1));
    OptionalInt threads = threads(context.master(), processors);
    if (threads.isPresent()) {
      return OptionalInt.of(threads.getAsInt() / perTask);
    }
    return context.conf().contains(PARALLELISM)
        ? OptionalInt.empty()
        : OptionalInt.of(context.defaultParallelism() / perTask);
  }

  /** Returns the threads of a local master, or empty for any other one. */
  static OptionalInt threads(String master, int processors) {
    if (master.equals(ONE_THREAD)) {
      return OptionalInt.of(1);
    }
    Matcher local = THREADS.matcher(master);
    if (!local.matches()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        local.group(1).equals("*") ? processors : Integer.parseInt(local.group(1)));
  }
}
