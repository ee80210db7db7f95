package io.marketstream.spark;

import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import io.marketstream.spark.stream.BatchGate;
import io.marketstream.spark.stream.QuerySupervisor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the query: after the running batch, within a bound.
 *
 * <p>Thread-safe: the main thread and the JVM's shutdown may both want the end.
 */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  /** How long a running batch may take to end, then how long the query may take to stop. */
  private static final long BATCH_MS = 30_000;

  static final long STOP_MS = 10_000;

  /** How long Spark may take to tell of the last batches; the log waits for it. */
  private static final long LOG_MS = 2_000;

  /** How long Cassandra may take for the last rows of {@code job_progress}. */
  private static final long PROGRESS_MS = 3_000;

  /** Above Spark's own hook, which would stop the context under the running batch. */
  private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 50;

  private final BatchGate gate;
  private final QuerySupervisor supervisor;
  private final JobObserver observer;
  private final ProgressReporter progress;
  private boolean stopped;

  Shutdown(
      BatchGate gate, QuerySupervisor supervisor, JobObserver observer, ProgressReporter progress) {
    this.gate = gate;
    this.supervisor = supervisor;
    this.observer = observer;
    this.progress = progress;
  }

  /** Stops the query when the JVM is told to end; SIGTERM then exits with 143, Ctrl-C with 130. */
  void onSignal() {
    ShutdownHookManager.get()
        .addShutdownHook(this::stop, PRIORITY, BATCH_MS + STOP_MS * 2, TimeUnit.MILLISECONDS);
  }

  /** Waits for the running batch to end, then stops the query; the second time does nothing. */
  synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    try {
      supervisor.stopRestarting();
      if (!gate.closeAndAwait(BATCH_MS)) {
        LOG.warn("a batch did not end within {} ms: cut off, the next start repeats it", BATCH_MS);
      }
      supervisor.stop();
      observer.finish(LOG_MS);
      progress.finish(PROGRESS_MS);
      LOG.info("stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("the query did not stop in time: {}", e.getMessage());
    }
  }
}
