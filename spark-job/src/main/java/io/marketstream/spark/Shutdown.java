package io.marketstream.spark;

import io.marketstream.spark.stream.BatchGate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of the job: between two batches if they are short enough, else within a bound. */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  /** How long a running batch may take to end. */
  private static final long BATCH_MS = 30_000;

  /** Above Spark's own hook, which would stop the context under the running batches. */
  private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 50;

  private Shutdown() {}

  /**
   * Stops the queries when the JVM is told to end (SIGTERM, SIGINT); it then exits with 143 or 130.
   */
  static void onSignal(BatchGate gate, List<StreamingQuery> queries) {
    ShutdownHookManager.get()
        .addShutdownHook(
            () -> stop(gate, queries), PRIORITY, BATCH_MS + 10_000, TimeUnit.MILLISECONDS);
  }

  /** Waits for the running batches to end, then stops the queries. May be called more than once. */
  static void stop(BatchGate gate, List<StreamingQuery> queries) {
    try {
      if (!gate.closeAndAwait(BATCH_MS)) {
        LOG.warn("a batch did not end within {} ms: stopped, the next start repeats it", BATCH_MS);
      }
      for (StreamingQuery query : queries) {
        query.stop();
      }
      LOG.info("stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("a query did not stop in time: {}", e.getMessage());
    }
  }
}
