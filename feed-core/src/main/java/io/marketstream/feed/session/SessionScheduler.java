package io.marketstream.feed.session;

import io.marketstream.feed.websocket.FeedThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The session's own thread, which runs its scheduled tasks one after another. */
final class SessionScheduler implements AutoCloseable {

  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> onDefect;
  private final List<Future<?>> connectionTasks = new ArrayList<>();

  /**
   * @param onDefect receives what a task throws, so that no defect ends the session silently
   */
  SessionScheduler(String threadName, Consumer<Throwable> onDefect) {
    this.onDefect = onDefect;
    executor = new ScheduledThreadPoolExecutor(1, new FeedThreadFactory(threadName, onDefect));
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Runs the task after the delay; does nothing once closed. */
  void schedule(Runnable task, Duration delay) {
    var unused = submit(task, delay); // guard() reports what the task throws
  }

  /**
   * Like {@link #schedule}, for a task that {@link #cancelTasksOfConnection} cancels when the
   * connection ends. A waiting task would keep its connection in memory. Under the session's lock.
   */
  void scheduleForConnection(Runnable task, Duration delay) {
    connectionTasks.removeIf(Future::isDone);
    Future<?> future = submit(task, delay);
    if (future != null) {
      connectionTasks.add(future);
    }
  }

  /** Cancels the tasks of a connection that has ended. Under the session's lock. */
  void cancelTasksOfConnection() {
    connectionTasks.forEach(task -> task.cancel(false));
    connectionTasks.clear();
  }

  /** How many tasks are scheduled. */
  int waiting() {
    return executor.getQueue().size();
  }

  /** Submits the task; returns null once closed. */
  private @Nullable Future<?> submit(Runnable task, Duration delay) {
    try {
      return executor.schedule(() -> guard(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      if (!executor.isShutdown()) {
        throw e;
      }
      return null;
    }
  }

  /** Runs the task and reports what it throws. */
  private void guard(Runnable task) {
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
