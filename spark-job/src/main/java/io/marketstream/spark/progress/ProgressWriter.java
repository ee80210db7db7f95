package io.marketstream.spark.progress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes progress reports on its own thread.
 *
 * <p>Only one write runs at a time. Reports that arrive meanwhile replace each other, so that only
 * the newest of each query is written next. A failed write is not fatal: the next report tries
 * again.
 *
 * <p>Thread-safe.
 */
public final class ProgressWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressWriter.class);

  /** Stores progress reports. */
  public interface Sink {
    /** Stores the progress and waits until it is stored. Runs on the writer's thread. */
    void write(QueryProgress progress) throws Exception;
  }

  private final Sink sink;
  private final ExecutorService thread;

  /** The reports to write, by query. The one that has waited longest is first. */
  private final Map<String, QueryProgress> waiting = new LinkedHashMap<>();

  private boolean writing;
  private boolean failing;
  private boolean finished;

  public ProgressWriter(Sink sink) {
    this(
        sink,
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "job-progress");
              thread.setDaemon(true);
              return thread;
            }));
  }

  /** Creates a writer that uses the given executor, which must have one thread. */
  ProgressWriter(Sink sink, ExecutorService thread) {
    this.sink = sink;
    this.thread = thread;
  }

  /** Accepts a report and returns at once. A newer report of the query may replace it. */
  synchronized void write(QueryProgress progress) {
    if (!finished) {
      waiting.put(progress.query(), progress);
      begin();
    }
  }

  /**
   * Waits until the newest progress of every query is written or has failed once more. Later
   * reports are not written.
   *
   * @param millis how long this may take
   */
  synchronized void finish(long millis) throws InterruptedException {
    finished = true;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    awaitPending(end);
    // The write that was running may have just failed. It gets a second attempt too.
    if (!writing && !waiting.isEmpty()) {
      begin();
      awaitPending(end);
    }
    if (writing) {
      LOG.warn("the last progress was not written to job_progress within {} ms", millis);
    }
    thread.shutdownNow();
  }

  private void awaitPending(long end) throws InterruptedException {
    for (long left = 1; writing && left > 0; ) {
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      wait(Math.max(1, left));
    }
  }

  private void begin() {
    if (!writing) {
      writing = true;
      thread.execute(this::writeAll);
    }
  }

  private void writeAll() {
    QueryProgress next = nextToWrite();
    while (next != null) {
      try {
        sink.write(next);
        succeeded();
      } catch (Exception e) { // the connector, in Scala, throws undeclared exceptions
        failed(next, e);
        return;
      }
      next = nextToWrite();
    }
  }

  /** Returns the next progress to write, or null if there is none. */
  private synchronized @Nullable QueryProgress nextToWrite() {
    if (waiting.isEmpty()) {
      becomeIdle();
      return null;
    }
    return waiting.remove(waiting.keySet().iterator().next());
  }

  private synchronized void succeeded() {
    if (failing) {
      failing = false;
      LOG.info("progress is written to job_progress again");
    }
  }

  private synchronized void failed(QueryProgress progress, Exception cause) {
    waiting.putIfAbsent(progress.query(), progress);
    if (!failing) {
      failing = true;
      LOG.warn(
          "the progress of query={} cannot be written to job_progress: {}",
          progress.query(),
          cause.toString());
    }
    becomeIdle();
  }

  private void becomeIdle() {
    writing = false;
    notifyAll();
  }
}
