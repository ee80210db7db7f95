package io.marketstream.spark.metrics;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
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

  private static final class Query {
    private final ObservedQuery observed;

    /** In the order of their ids. */
    private final ArrayDeque<BatchReport> waiting = new ArrayDeque<>();

    Query(ObservedQuery observed) {
      this.observed = observed;
    }
  }

  private final Map<String, Query> queries = new HashMap<>();
  private final Consumer<String> out;

  BatchLog(Iterable<ObservedQuery> queries, Consumer<String> out) {
    queries.forEach(query -> this.queries.put(query.name(), new Query(query)));
    this.out = out;
  }

  /** A batch is written. */
  synchronized void written(BatchReport batch) {
    Query query = queries.get(batch.query());
    query.waiting.add(batch);
    if (query.waiting.size() > MOST_WAITING) {
      log(query, SparkProgress.NONE);
    }
  }

  /** A batch is committed, and those before it can hear nothing more. */
  synchronized void committed(String name, SparkProgress progress) {
    Query query = queries.get(name);
    while (!query.waiting.isEmpty() && query.waiting.peek().id() < progress.batchId()) {
      log(query, SparkProgress.NONE);
    }
    if (!query.waiting.isEmpty() && query.waiting.peek().id() == progress.batchId()) {
      log(query, progress);
    }
    notifyAll();
  }

  /** A query has ended, by whatever cause: a batch of it that still waits was not committed. */
  synchronized void ended(String name) {
    logAll(queries.get(name));
    notifyAll();
  }

  /**
   * Called when all queries are stopped: returns when every line is written.
   *
   * @param millis how long Spark may take to tell the last of what it knows
   */
  synchronized void finish(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (queries.values().stream().anyMatch(query -> !query.waiting.isEmpty())) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        queries.values().forEach(this::logAll);
        return;
      }
      wait(left);
    }
  }

  private void logAll(Query query) {
    while (!query.waiting.isEmpty()) {
      log(query, SparkProgress.NONE);
    }
  }

  private void log(Query query, SparkProgress progress) {
    out.accept(BatchLine.of(query.observed, query.waiting.remove(), progress));
  }
}
