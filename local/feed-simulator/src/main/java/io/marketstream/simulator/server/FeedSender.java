package io.marketstream.simulator.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread of a simulator that creates messages and queues them for the connections. So
 * every connection receives them in the same order.
 */
final class FeedSender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSender.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final String name;
  private final ScheduledThreadPoolExecutor executor;

  FeedSender(String name) {
    this.name = name;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs a task on the sender thread and waits for its result without a limit. */
  <T> T call(Callable<T> task) {
    try {
      return result(executor.submit(task), null);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns once every earlier task has run.
   *
   * @throws TimeoutException if a write is blocked for longer than {@code timeout}
   */
  void await(Duration timeout) throws TimeoutException {
    result(executor.submit(() -> null), timeout);
  }

  /** Runs a task on the sender thread without waiting. Does nothing if the simulator is closed. */
  void later(Runnable task) {
    try {
      executor.execute(() -> logged(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("{} is closed, a late task was ignored", name);
    }
  }

  /** Runs a task after a delay. Tasks with equal delays keep their order. */
  void later(Duration delay, Runnable task) {
    try {
      var unused = executor.schedule(() -> logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} is closed, a late task was ignored", name);
    }
  }

  /** Runs a task on the sender thread every {@code period}, from one period on. */
  Future<?> every(Duration period, Runnable task) {
    return executor.scheduleWithFixedDelay(
        () -> logged(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Runs a task and logs its failure, so that a periodic task continues and the failure is visible.
   */
  private void logged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      if (!executor.isShutdown()) {
        LOG.error("{}: a write task failed", name, e);
      }
    }
  }

  private <T> T result(Future<T> future, @Nullable Duration timeout) throws TimeoutException {
    try {
      return timeout == null ? future.get() : future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + name, e);
    } catch (CancellationException e) {
      throw new IllegalStateException(name + " is closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException(name + " failed", e.getCause());
    }
  }

  @Override
  public void close() {
    // A task that never starts would leave its caller waiting.
    for (Runnable waiting : executor.shutdownNow()) {
      if (waiting instanceof Future<?> future) {
        future.cancel(false);
      }
    }
    try {
      if (!executor.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(name + " did not stop within " + STOP_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
