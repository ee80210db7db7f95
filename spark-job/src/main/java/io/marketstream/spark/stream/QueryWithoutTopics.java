package io.marketstream.spark.stream;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Replaces the query while no topic exists, because Spark could not start it. */
final class QueryWithoutTopics implements RunningQuery {
  private final CountDownLatch stopped;

  /**
   * Creates the replacement.
   *
   * @param isDone whether it ends at once, because the job does not wait for topics
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
  public boolean hasMadeProgress() {
    return false;
  }

  @Override
  public boolean isIdle() {
    return true;
  }

  @Override
  public String statusMessage() {
    return "Waiting for topics";
  }

  @Override
  public void cancelTasks() {}

  @Override
  public void stop() {
    stopped.countDown();
  }
}
