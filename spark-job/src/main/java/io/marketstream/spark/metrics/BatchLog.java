package io.marketstream.spark.metrics;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes one line to the log for each batch.
 *
 * <p>A line has two parts: the job's counts, when the batch is written, and Spark's measurements,
 * when the batch is committed. If Spark does not report a batch, its line has only the first part.
 *
 * <p>Thread-safe: the parts come on different threads.
 */
final class BatchLog {
  /** Maximum number of batches without a report of Spark. More wait only if Spark loses reports. */
  private static final int MAX_WAITING = 50;

  private final Consumer<String> out;

  /** The batches without a report of Spark, in the order of their ids. */
  private final ArrayDeque<BatchReport> waiting = new ArrayDeque<>();

  BatchLog(Consumer<String> out) {
    this.out = out;
  }

  /** Adds a batch that has written everything. */
  synchronized void onBatchWritten(BatchReport batch) {
    waiting.add(batch);
    if (waiting.size() > MAX_WAITING) {
      log(SparkProgress.NONE);
    }
  }

  /** Logs the committed batch, and earlier ones, which Spark does not report any more. */
  synchronized void onBatchCommitted(SparkProgress progress) {
    while (!waiting.isEmpty() && waiting.peek().id() < progress.batchId()) {
      log(SparkProgress.NONE);
    }
    if (!waiting.isEmpty() && waiting.peek().id() == progress.batchId()) {
      log(progress);
    }
    notifyAll();
  }

  /** Logs the waiting batches, which are not committed, because the query has ended. */
  synchronized void onQueryEnded() {
    logAll();
    notifyAll();
  }

  /**
   * Waits, after the query was stopped, until every line is written.
   *
   * @param millis how long Spark may take to report the last batches
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
    out.accept(waiting.remove().logLine(progress));
  }
}
