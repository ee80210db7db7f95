package io.marketstream.spark.run;

import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the JVM with the exit code of the job.
 *
 * <p>After a failure it calls {@code System.exit}. After success {@code main} must return instead:
 * YARN counts any exit inside {@code main} as a failure and would start the application again.
 */
public final class ProcessEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);

  private final IntConsumer exit;
  private final Duration threadTimeout;

  /** Creates the end of this JVM. */
  public ProcessEnd() {
    this(System::exit, Duration.ofSeconds(30));
  }

  /**
   * @param exit ends the JVM with a code
   * @param threadTimeout how long threads of Spark and of the drivers may run after success
   */
  ProcessEnd(IntConsumer exit, Duration threadTimeout) {
    this.exit = exit;
    this.threadTimeout = threadTimeout;
  }

  /** Returns if the job succeeded, and ends the JVM otherwise. */
  public void end(int exitCode) {
    if (exitCode != JobCommand.DONE) {
      exit.accept(exitCode);
      return;
    }
    Thread watch = new Thread(this::exitIfThreadsRemain, "market-data-job-end");
    watch.setDaemon(true);
    watch.start();
  }

  /** After the timeout the cluster manager knows that main has returned. */
  private void exitIfThreadsRemain() {
    try {
      Thread.sleep(threadTimeout.toMillis());
    } catch (InterruptedException e) {
      return;
    }
    LOG.warn("the job is done, but these threads have not ended: {}", remainingThreads());
    exit.accept(JobCommand.DONE);
  }

  /** Returns the names of the threads that keep the JVM alive, other than the caller's. */
  static List<String> remainingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
        .filter(thread -> !thread.getName().equals("DestroyJavaVM"))
        .map(Thread::getName)
        .sorted()
        .toList();
  }
}
