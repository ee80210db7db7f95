package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.JobFailedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;

class FoldBesideRealTimeTest {
  private final FakeRun fold = new FakeRun();
  private final FakeRun realTime = new FakeRun();
  private final FakeIntervals intervals = new FakeIntervals();
  private long seconds;

  @Test
  void ifOneQueryFailsTheOtherIsStoppedFirst() {
    FoldBesideRealTime both = both();
    fold.hasMadeProgress = true;
    realTime.failure = failure("of the real-time query");

    assertThatThrownBy(() -> both.awaitTermination(10)).isSameAs(realTime.failure);

    assertThat(fold.stops).isOne();
    assertThat(both.hasMadeProgress()).as("of the query that failed").isFalse();
  }

  @Test
  void aFailureOfTheFoldStopsTheRealTimeQuery() {
    FoldBesideRealTime both = both();
    fold.failure = failure("of the fold");

    assertThatThrownBy(() -> both.awaitTermination(10)).isSameAs(fold.failure);

    assertThat(realTime.stops).isOne();
  }

  /** Partitions can be added while the query runs, and executors can be lost. */
  @Test
  void eachCommittedIntervalIsCheckedOnce() throws Exception {
    FoldBesideRealTime both = both();
    both.awaitTermination(10);
    assertThat(intervals.checks).isZero();

    intervals.committed = 0;
    both.awaitTermination(10);
    both.awaitTermination(10);
    intervals.committed = 1;
    both.awaitTermination(10);

    assertThat(intervals.checks).isEqualTo(2);
  }

  @Test
  void stoppingStopsBoth() throws Exception {
    both().stop();

    assertThat(fold.stops).isOne();
    assertThat(realTime.stops).isOne();
  }

  @Test
  void anIntervalThatDoesNotEndIsCancelledOnceAndThenFails() throws Exception {
    FoldBesideRealTime both = both();
    seconds = 301;
    both.awaitTermination(10);
    both.awaitTermination(10);
    assertThat(realTime.cancels).isOne();

    seconds = 601;
    assertThatThrownBy(() -> both.awaitTermination(10))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("although its tasks were cancelled");

    assertThat(realTime.cancels).isOne();
  }

  /** It has stored records, although it has not committed an interval yet. */
  @Test
  void aRunOfOverAMinuteHasMadeProgress() {
    FoldBesideRealTime both = both();
    seconds = 61;
    realTime.failure = failure("Cassandra is away");

    assertThatThrownBy(() -> both.awaitTermination(10)).isSameAs(realTime.failure);

    assertThat(both.hasMadeProgress()).isTrue();
  }

  /** Otherwise a query that always hangs would be restarted for ever. */
  @Test
  void aRunWhoseTasksWereCancelledHasMadeNone() throws Exception {
    FoldBesideRealTime both = both();
    seconds = 301;
    both.awaitTermination(10);
    realTime.failure = failure("cancelled");

    assertThatThrownBy(() -> both.awaitTermination(10)).isSameAs(realTime.failure);

    assertThat(both.hasMadeProgress()).isFalse();
  }

  private FoldBesideRealTime both() {
    return new FoldBesideRealTime(
        fold, realTime, intervals, Duration.ofMinutes(5), () -> TimeUnit.SECONDS.toNanos(seconds));
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

  private static final class FakeRun implements RunningQuery {
    StreamingQueryException failure;
    boolean hasMadeProgress;
    int stops;
    int cancels;

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

  private static final class FakeIntervals implements FoldBesideRealTime.Intervals {
    int checks;
    long committed = -1;

    @Override
    public long committed() {
      return committed;
    }

    @Override
    public void check() {
      checks++;
    }
  }
}
