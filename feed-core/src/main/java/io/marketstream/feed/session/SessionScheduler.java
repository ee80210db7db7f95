package io.marketstream.feed.session;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The session's own thread: connecting, subscribing and watching happen on it, one after the other.
 */
final class SessionScheduler implements AutoCloseable {

  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> onDefect;

  /**
   * @param onDefect told of what a task throws: a defect must not end the session in silence
   */
  SessionScheduler(String threadName, Consumer<Throwable> onDefect) {
    this.onDefect = onDefect;
    executor = new ScheduledThreadPoolExecutor(1, new SessionThreads(threadName, onDefect));
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Runs the task after the delay; does nothing once closed. */
  void schedule(Runnable task, Duration delay) {
    try {
      executor.schedule(() -> guard(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      if (!executor.isShutdown()) {
        throw e;
      }
    }
  }

  /** Runs the task here and now, its defects told like those of scheduled ones. */
  void guard(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) { // an Error would be lost in the executor's future
      onDefect.accept(e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
