package io.marketstream.spark.stream;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stands for the query while no topic exists: Spark could not start it. */
final class QueryWithoutTopics implements RunningQuery {
  private final CountDownLatch stopped;

  /**
   * @param isDone whether there is nothing to wait for
   */
  QueryWithoutTopics(boolean isDone) {
    this.stopped = new CountDownLatch(isDone ? 0 : 1);
  }

  @Override
  public boolean awaitTermination(long millis) {
    try {
      return stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public boolean hasWorked() {
    return false;
  }

  @Override
  public boolean isResting() {
    return true;
  }

  @Override
  public String doing() {
    return "Waiting for topics";
  }

  @Override
  public void cancelTasks() {}

  @Override
  public void stop() {
    stopped.countDown();
  }
}
