package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.JobFailedException;
import java.time.Duration;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;

class FoldBesideRealTimeTest {
  private final FakeRun fold = new FakeRun();
  private final FakeRun realTime = new FakeRun();

  @Test
  void ifOneQueryFailsTheOtherIsStoppedFirst() {
    FoldBesideRealTime both = new FoldBesideRealTime(fold, realTime, Duration.ofMinutes(1));
    fold.hasMadeProgress = true;
    realTime.failure = failure("of the real-time query");

    assertThatThrownBy(() -> both.awaitTermination(10)).isSameAs(realTime.failure);

    assertThat(fold.stops).isOne();
    assertThat(both.hasMadeProgress()).as("of the query that failed").isFalse();
  }

  @Test
  void aFailureOfTheFoldStopsTheRealTimeQuery() {
    FoldBesideRealTime both = new FoldBesideRealTime(fold, realTime, Duration.ofMinutes(1));
    fold.failure = failure("of the fold");

    assertThatThrownBy(() -> both.awaitTermination(10)).isSameAs(fold.failure);

    assertThat(realTime.stops).isOne();
  }

  /** Partitions can be added while the query runs, and executors can be lost. */
  @Test
  void eachCommittedIntervalIsCheckedOnce() throws Exception {
    FoldBesideRealTime both = new FoldBesideRealTime(fold, realTime, Duration.ofMinutes(1));
    both.awaitTermination(10);
    assertThat(realTime.checks).isZero();

    realTime.committed = 0;
    both.awaitTermination(10);
    both.awaitTermination(10);
    realTime.committed = 1;
    both.awaitTermination(10);

    assertThat(realTime.checks).isEqualTo(2);
  }

  @Test
  void stoppingStopsBoth() throws Exception {
    new FoldBesideRealTime(fold, realTime, Duration.ofMinutes(1)).stop();

    assertThat(fold.stops).isOne();
    assertThat(realTime.stops).isOne();
  }

  @Test
  void anIntervalThatDoesNotEndIsCancelledOnceAndThenFails() {
    FoldBesideRealTime both = new FoldBesideRealTime(fold, realTime, Duration.ofSeconds(1));

    assertThatThrownBy(
            () -> {
              while (true) {
                both.awaitTermination(10);
              }
            })
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("although its tasks were cancelled");

    assertThat(realTime.cancels).isOne();
  }

  private static StreamingQueryException failure(String message) {
    return new StreamingQueryException(
        "query",
        message,
        new IllegalStateException(message),
        "0",
        "1",
        "STREAM_FAILED",
        scala.collection.immutable.Map$.MODULE$.empty());
  }

  private static final class FakeRun implements FoldBesideRealTime.RealTimeRun {
    StreamingQueryException failure;
    boolean hasMadeProgress;
    int stops;
    int cancels;
    int checks;
    long committed = -1;

    @Override
    public long committedInterval() {
      return committed;
    }

    @Override
    public void checkInterval() {
      checks++;
    }

    @Override
    public boolean awaitTermination(long millis) throws StreamingQueryException {
      assertThat(millis).as("Spark refuses 0").isPositive();
      if (failure != null) {
        throw failure;
      }
      return false;
    }

    @Override
    public boolean hasMadeProgress() {
      return hasMadeProgress;
    }

    @Override
    public boolean isIdle() {
      return false;
    }

    @Override
    public String statusMessage() {
      return "";
    }

    @Override
    public void cancelTasks() {
      cancels++;
    }

    @Override
    public void stop() {
      stops++;
    }
  }
}
