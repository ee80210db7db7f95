package io.marketstream.spark;

import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the JVM. A failure exits with its code. Success returns: on YARN an exit inside {@code
 * main} counts as a failure, whatever its code, and the application would be started again.
 */
final class ProcessEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);

  private final IntConsumer exit;
  private final Duration threadsMayTake;

  /** Ends this JVM. */
  ProcessEnd() {
    this(System::exit, Duration.ofSeconds(30));
  }

  /**
   * @param exit ends the JVM with a code
   * @param threadsMayTake how long threads of Spark and of the drivers may live on after success
   */
  ProcessEnd(IntConsumer exit, Duration threadsMayTake) {
    this.exit = exit;
    this.threadsMayTake = threadsMayTake;
  }

  /** Returns on success; does not return otherwise. */
  void end(int exitCode) {
    if (exitCode != JobCommand.DONE) {
      exit.accept(exitCode);
      return;
    }
    Thread watch = new Thread(this::exitIfThreadsStay, "market-data-job-end");
    watch.setDaemon(true);
    watch.start();
  }

  /** By now the cluster's manager knows that main has returned. */
  private void exitIfThreadsStay() {
    try {
      Thread.sleep(threadsMayTake.toMillis());
    } catch (InterruptedException e) {
      return;
    }
    LOG.warn("the job is done, and these threads have not ended: {}", threadsThatStay());
    exit.accept(JobCommand.DONE);
  }

  /** Names of the threads that keep the JVM alive, other than the caller's. */
  static List<String> threadsThatStay() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
        .filter(thread -> !thread.getName().equals("DestroyJavaVM"))
        .map(Thread::getName)
        .sorted()
        .toList();
  }
}
