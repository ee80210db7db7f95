package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.JobFailedException;
import io.marketstream.spark.failure.StartException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QuerySupervisorTest {
  private final StreamingQueryException outage = failure("no node was available");
  private final StreamingQueryException refusal =
      failure("com.datastax.oss.driver.api.core.servererrors.UnavailableException: 2 needed");

  private final StreamingQueryException full = failure("No space left on device");

  private final Deque<StreamingQueryException> failures = new ArrayDeque<>();
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicInteger cancels = new AtomicInteger();
  private final BatchBarrier barrier = new BatchBarrier();
  private final AtomicInteger checks = new AtomicInteger();
  private final AtomicInteger stops = new AtomicInteger();
  private int refusals;
  private int failedStarts;
  private boolean failsWhenStopped;
  private int newTopicAfterPolls;
  private int endsAfterPolls;
  private boolean endsOnceCancelled;
  private boolean isIdle = true;
  private Duration maxBatch = Duration.ofMinutes(1);
  private boolean everyStartWorks;
  private Duration firstRestartDelay = Duration.ofMillis(1);

  @Test
  void aFailedQueryRestartsOnceEverythingAnswers() throws Exception {
    failures.add(outage);
    refusals = 2;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(2);
    assertThat(checks).hasValue(3);
  }

  @Test
  void tooManyFailuresInARowEndTheJob() {
    failures.addAll(List.of(outage, outage, outage, outage, outage));

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1))).isSameAs(outage);
    assertThat(starts).hasValue(4);
  }

  /**
   * Two of three replicas are down. Cassandra answers the job's first requests, and refuses to
   * write.
   */
  @Test
  void aStoreThatRefusesIsToleratedLikeAnOutage() throws Exception {
    failures.addAll(Collections.nCopies(8, refusal));

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(9);
  }

  @Test
  void aStoreThatRefusesForTooLongEndsTheJob() {
    failures.addAll(List.of(refusal, refusal, refusal));

    firstRestartDelay = Duration.ofMillis(1500);

    assertThatThrownBy(() -> supervise(Duration.ofSeconds(1)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageMatching(
            "(?s)the query has failed for \\d+ s although Kafka and Cassandra answer.*")
        .hasMessageContaining("UnavailableException: 2 needed")
        .hasMessageContaining("spark.marketstream.longestOutage");
    assertThat(starts).hasValue(2);
  }

  /**
   * Failures because of a full disk must not count, otherwise the job ends before there is space.
   */
  @Test
  void aFullDiskIsWaitedForWithoutCountingFailures() throws Exception {
    failures.addAll(Collections.nCopies(6, full));

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(7);
  }

  @Test
  void aDiskThatStaysFullEndsTheJob() {
    failures.addAll(Collections.nCopies(100, full));

    assertThatThrownBy(() -> supervise(Duration.ofSeconds(1)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("a disk is full (of --checkpoint, or of spark.local.dir")
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("spark.marketstream.longestOutage");
    assertThat(starts).hasValueGreaterThan(1);
  }

  @Test
  void thePausesBetweenFailuresInARowDouble() throws Exception {
    failures.addAll(List.of(outage, outage, outage));
    firstRestartDelay = Duration.ofMillis(100);
    long begin = System.nanoTime();

    supervise(Duration.ofMinutes(1));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(700));
  }

  @Test
  void aQueryThatProgressesBetweenFailuresContinues() throws Exception {
    failures.addAll(List.of(outage, outage, outage, outage, outage));
    everyStartWorks = true;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(6);
  }

  @Test
  void anUnrecoverableFailureEndsTheJobAtOnce() {
    failures.add(failure("set the source option \"failOnDataLoss\" to \"false\""));

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("Kafka no longer has records")
        .hasMessageContaining("failOnDataLoss=false");
    assertThat(starts).hasValue(1);
  }

  @Test
  void anOutageThatLastsTooLongEndsTheJob() {
    failures.add(outage);
    refusals = Integer.MAX_VALUE;

    assertThatThrownBy(() -> supervise(Duration.ofMillis(1)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("Cassandra does not answer")
        .hasMessageContaining("spark.marketstream.longestOutage");
  }

  @Test
  void theTasksOfAHangingBatchAreCancelledOnce() throws Exception {
    barrier.enter(() -> true);
    endsAfterPolls = 4000;
    endsOnceCancelled = true;
    maxBatch = Duration.ofMillis(175);

    supervise(Duration.ofMinutes(1));

    assertThat(cancels).hasValue(1);
  }

  @Test
  void aBatchThatCannotBeCancelledEndsTheJob() throws Exception {
    barrier.enter(() -> true);
    endsAfterPolls = 4000;
    maxBatch = Duration.ofMillis(175);

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageMatching(
            "the query has hung in a batch for \\d+ s, although .* start the job again");
    assertThat(cancels).hasValue(1);
  }

  @Test
  void aBatchThatIsNotTooLongKeepsItsTasks() throws Exception {
    barrier.enter(() -> true);
    endsAfterPolls = 10;

    supervise(Duration.ofMinutes(1));

    assertThat(cancels).hasValue(0);
  }

  @Test
  void aQueryThatHangsBetweenBatchesEndsTheJob() {
    endsAfterPolls = 4000;
    isIdle = false;
    maxBatch = Duration.ofMillis(175);

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageMatching("the query has hung between two batches for \\d+ s.*")
        .hasMessageContaining("Getting offsets from KafkaV2")
        .hasMessageContaining("start the job again");
  }

  @Test
  void aQueryThatWaitsForRecordsIsLeftAlone() throws Exception {
    endsAfterPolls = 10;
    maxBatch = Duration.ofMillis(125);

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(1);
  }

  /** Each start looks for the topics again, and Kafka may be unreachable then. */
  @Test
  void aStartDuringAnOutageOfKafkaIsRepeated() throws Exception {
    failures.add(outage);
    failedStarts = 2;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(4);
  }

  @Test
  void aNewTopicRestartsTheQuery() throws Exception {
    endsAfterPolls = 5;
    newTopicAfterPolls = 3;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(2);
    assertThat(stops).hasValue(1);
  }

  /** The failure came before the stop for the new topic, so it counts. */
  @Test
  void aFailureBeforeTheStopForANewTopicCounts() throws Exception {
    failures.add(outage);
    failsWhenStopped = true;
    endsAfterPolls = 1;
    newTopicAfterPolls = 1;
    refusals = 1;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(2);
    assertThat(checks).hasValue(2);
  }

  @Test
  void aNewTopicIsReadAfterAnOutageOfKafka() throws Exception {
    endsAfterPolls = 2;
    newTopicAfterPolls = 1;
    failedStarts = 2;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(4);
  }

  @Test
  void nothingIsRestartedAfterAStop() throws Exception {
    failures.add(outage);
    QuerySupervisor supervisor = supervisor(Duration.ofMinutes(1));
    supervisor.start();
    supervisor.stopRestarting();

    supervisor.run();

    assertThat(starts).hasValue(1);
  }

  private void supervise(Duration maxOutage) throws Exception {
    QuerySupervisor supervisor = supervisor(maxOutage);
    supervisor.start();
    supervisor.run();
  }

  private QuerySupervisor supervisor(Duration maxOutage) {
    return new QuerySupervisor(
        new FakeStarter(),
        () -> {
          if (checks.incrementAndGet() <= refusals) {
            throw new StartException("Cassandra does not answer at 127.0.0.1");
          }
        },
        barrier,
        new SupervisorTimeouts(
            Duration.ofMillis(50), maxOutage, Duration.ofMillis(20), maxBatch, firstRestartDelay));
  }

  private class FakeStarter implements QuerySupervisor.Starter {
    @Override
    public RunningQuery start() {
      if (starts.incrementAndGet() > 1 && failedStarts-- > 0) {
        throw new StartException("Kafka does not answer at 127.0.0.1");
      }
      return new FakeQuery(failures.poll());
    }

    @Override
    public boolean findNewTopics() {
      return --newTopicAfterPolls == 0;
    }
  }

  /** Ends at once with the failure, or normally if it is null. */
  private class FakeQuery implements RunningQuery {
    private final StreamingQueryException failure;

    FakeQuery(StreamingQueryException failure) {
      this.failure = failure;
    }

    @Override
    public boolean awaitTermination(long millis) throws StreamingQueryException {
      assertThat(millis).as("Spark refuses 0").isPositive();
      if (failure != null && (!failsWhenStopped || stops.get() > 0)) {
        throw failure;
      }
      if (stops.get() == 0 && endsAfterPolls-- > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        return false;
      }
      return true;
    }

    @Override
    public boolean hasMadeProgress() {
      return everyStartWorks;
    }

    @Override
    public boolean isIdle() {
      return isIdle;
    }

    @Override
    public String statusMessage() {
      return "Getting offsets from KafkaV2";
    }

    @Override
    public void cancelTasks() {
      cancels.incrementAndGet();
      endsAfterPolls = endsOnceCancelled ? 0 : endsAfterPolls;
    }

    @Override
    public void stop() {
      stops.incrementAndGet();
    }
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
}
