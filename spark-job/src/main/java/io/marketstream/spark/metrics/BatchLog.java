package io.marketstream.spark.metrics;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One line for each batch, from two halves: what the job counted comes first, when the batch is
 * written; what Spark measured comes when it is committed. No batch is left out: one whose second
 * half cannot come any more is written without it.
 *
 * <p>Thread-safe: the first half comes on the query's thread, the second on one of Spark's.
 */
final class BatchLog {
  /** More cannot wait unless Spark loses progress: then lines are more use than halves. */
  private static final int MOST_WAITING = 50;

  private final ObservedQuery query;
  private final Consumer<String> out;

  /** In the order of their ids. */
  private final ArrayDeque<BatchReport> waiting = new ArrayDeque<>();

  BatchLog(ObservedQuery query, Consumer<String> out) {
    this.query = query;
    this.out = out;
  }

  /** A batch is written. */
  synchronized void written(BatchReport batch) {
    waiting.add(batch);
    if (waiting.size() > MOST_WAITING) {
      log(SparkProgress.NONE);
    }
  }

  /** A batch is committed, and those before it can hear nothing more. */
  synchronized void committed(SparkProgress progress) {
    while (!waiting.isEmpty() && waiting.peek().id() < progress.batchId()) {
      log(SparkProgress.NONE);
    }
    if (!waiting.isEmpty() && waiting.peek().id() == progress.batchId()) {
      log(progress);
    }
    notifyAll();
  }

  /** The query has ended, by whatever cause: a batch of it that still waits was not committed. */
  synchronized void ended() {
    logAll();
    notifyAll();
  }

  /**
   * Called when the query is stopped: returns when every line is written.
   *
   * @param millis how long Spark may take to tell the last of what it knows
   */
  synchronized void finish(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!waiting.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        logAll();
        return;
      }
      wait(left);
    }
  }

  private void logAll() {
    while (!waiting.isEmpty()) {
      log(SparkProgress.NONE);
    }
  }

  private void log(SparkProgress progress) {
    out.accept(BatchLine.of(query, waiting.remove(), progress));
  }
}
