package io.marketstream.spark.run;

import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import io.marketstream.spark.stream.BatchBarrier;
import io.marketstream.spark.stream.QuerySupervisor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the query after the running batch, within a time limit.
 *
 * <p>Thread-safe: the main thread and the shutdown hook of the JVM may both call it.
 */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  /** How long the running batch may take to end. */
  private static final long BATCH_TIMEOUT_MS = 30_000;

  /** How long the query may take to stop after the batch. */
  static final long STOP_TIMEOUT_MS = 10_000;

  /** How long the log waits for Spark's report of the last batches. */
  private static final long LOG_TIMEOUT_MS = 2_000;

  /** How long Cassandra may take to store the last rows of {@code job_progress}. */
  private static final long PROGRESS_TIMEOUT_MS = 3_000;

  /** Runs before Spark's own hook, which would stop the context during the running batch. */
  private static final int HOOK_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 50;

  private final BatchBarrier barrier;
  private final QuerySupervisor supervisor;
  private final JobObserver observer;
  private final ProgressReporter progress;
  private boolean stopped;

  Shutdown(
      BatchBarrier barrier,
      QuerySupervisor supervisor,
      JobObserver observer,
      ProgressReporter progress) {
    this.barrier = barrier;
    this.supervisor = supervisor;
    this.observer = observer;
    this.progress = progress;
  }

  /** Stops the query when the JVM gets a signal. SIGTERM exits with 143, Ctrl-C with 130. */
  void onSignal() {
    ShutdownHookManager.get()
        .addShutdownHook(
            this::stop,
            HOOK_PRIORITY,
            // Two queries in real-time mode, and the reports.
            BATCH_TIMEOUT_MS + STOP_TIMEOUT_MS * 3,
            TimeUnit.MILLISECONDS);
  }

  /** Waits for the running batch and stops the query. A second call does nothing. */
  synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    try {
      supervisor.stopRestarting();
      if (!barrier.closeAndAwait(BATCH_TIMEOUT_MS)) {
        LOG.warn(
            "a batch did not end within {} ms and was interrupted: the next start repeats it",
            BATCH_TIMEOUT_MS);
      }
      supervisor.stop();
      observer.finish(LOG_TIMEOUT_MS);
      progress.finish(PROGRESS_TIMEOUT_MS);
      LOG.info("stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn(
          "the query did not stop in time: {}; the next start repeats the batch", e.getMessage());
    }
  }
}
