package io.marketstream.spark.progress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes how far the job has come, on a thread of its own. One write is under way at a time; of
 * what is reported meanwhile, the newest of each query is written next, and the rest never.
 *
 * <p>A write that fails is not fatal: the next report of any query tries again.
 *
 * <p>Thread-safe.
 */
public final class ProgressWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressWriter.class);

  /** Where the progress goes. */
  public interface Sink {
    /** Returns when it is written. On the writer's thread. */
    void write(QueryProgress progress) throws Exception;
  }

  private final Sink sink;
  private final ExecutorService thread;

  /** By query; the one that has waited longest comes first. */
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

  /**
   * @param thread of one thread
   */
  ProgressWriter(Sink sink, ExecutorService thread) {
    this.sink = sink;
    this.thread = thread;
  }

  /** Returns at once; it is written soon, unless a newer one of the query comes before. */
  synchronized void write(QueryProgress progress) {
    if (!finished) {
      waiting.put(progress.query(), progress);
      begin();
    }
  }

  /**
   * Returns when the newest progress of every query is written, or has failed once more. Later
   * reports are not written.
   *
   * @param millis how long it may take
   */
  synchronized void finish(long millis) throws InterruptedException {
    finished = true;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    awaitRest(end);
    // What was under way may have failed just now: it gets its second time as well.
    if (!writing && !waiting.isEmpty()) {
      begin();
      awaitRest(end);
    }
    if (writing) {
      LOG.warn("the last progress was not written to job_progress within {} ms", millis);
    }
    thread.shutdownNow();
  }

  private void awaitRest(long end) throws InterruptedException {
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
    QueryProgress next = take();
    while (next != null) {
      try {
        sink.write(next);
        succeeded();
      } catch (Exception e) { // Scala declares no exceptions
        failed(next, e);
        return;
      }
      next = take();
    }
  }

  /** The progress to write now; null if there is none, and then the next report begins anew. */
  private synchronized QueryProgress take() {
    if (waiting.isEmpty()) {
      rest();
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
    rest();
  }

  private void rest() {
    writing = false;
    notifyAll();
  }
}
