package io.marketstream.feed.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
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
  private final List<Future<?>> ofConnection = new ArrayList<>();

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
    submit(task, delay);
  }

  /**
   * As {@link #schedule}, for a task of the current connection, which {@link
   * #cancelTasksOfConnection} cancels: one that waits would keep its connection in memory. Under
   * the session's lock.
   */
  void scheduleForConnection(Runnable task, Duration delay) {
    ofConnection.removeIf(Future::isDone);
    Future<?> future = submit(task, delay);
    if (future != null) {
      ofConnection.add(future);
    }
  }

  /** The connection has ended. Under the session's lock. */
  void cancelTasksOfConnection() {
    ofConnection.forEach(task -> task.cancel(false));
    ofConnection.clear();
  }

  /** How many tasks wait for their time. */
  int waiting() {
    return executor.getQueue().size();
  }

  /** Null once closed. */
  private Future<?> submit(Runnable task, Duration delay) {
    try {
      return executor.schedule(() -> guard(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      if (!executor.isShutdown()) {
        throw e;
      }
      return null;
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
