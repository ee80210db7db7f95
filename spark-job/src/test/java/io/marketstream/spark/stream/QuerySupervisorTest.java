package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.JobFailure;
import io.marketstream.spark.StartException;
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
  private static final StreamingQueryException OUTAGE = failure("no node was available");
  private static final StreamingQueryException REFUSAL =
      failure("com.datastax.oss.driver.api.core.servererrors.UnavailableException: 2 needed");

  private static final StreamingQueryException FULL = failure("No space left on device");

  private final Deque<StreamingQueryException> failures = new ArrayDeque<>();
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicInteger cancels = new AtomicInteger();
  private final BatchGate gate = new BatchGate();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger stops = new AtomicInteger();
  private int refusals;
  private int startsInVain;
  private boolean failsWhenStopped;
  private int moreTopicsAfterLooks;
  private int endsAfterLooks;
  private boolean endsOnceCancelled;
  private boolean rests = true;
  private Duration longestBatch = Duration.ofMinutes(1);
  private boolean everyStartWorks;
  private Duration firstPause = Duration.ofMillis(1);

  @Test
  void aQueryThatFailedStartsAgainOnceEverythingAnswers() throws Exception {
    failures.add(OUTAGE);
    refusals = 2;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(2);
    assertThat(asked).hasValue(3);
  }

  @Test
  void aQueryThatFailsAgainAndAgainWithoutABatchEndsTheJob() {
    failures.addAll(List.of(OUTAGE, OUTAGE, OUTAGE, OUTAGE, OUTAGE));

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1))).isSameAs(OUTAGE);
    assertThat(starts).hasValue(4);
  }

  /**
   * Two of three replicas away: Cassandra answers what the job asks first, and refuses to write.
   */
  @Test
  void aStoreThatAnswersButRefusesIsBorneAsAnOutage() throws Exception {
    failures.addAll(Collections.nCopies(8, REFUSAL));

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(9);
  }

  @Test
  void aStoreThatRefusesForTooLongEndsTheJobAndIsQuoted() {
    failures.addAll(List.of(REFUSAL, REFUSAL, REFUSAL));

    firstPause = Duration.ofMillis(1500);

    assertThatThrownBy(() -> supervise(Duration.ofSeconds(1)))
        .isInstanceOf(JobFailure.class)
        .hasMessageMatching(
            "(?s)the query has failed for \\d+ s though Kafka and Cassandra answer.*")
        .hasMessageContaining("UnavailableException: 2 needed")
        .hasMessageContaining("spark.marketstream.longestOutage");
    assertThat(starts).hasValue(2);
  }

  /** Each failure takes a moment; counted, the job would have ended long before there is room. */
  @Test
  void aFullDiskIsWaitedForHoweverOftenItFails() throws Exception {
    failures.addAll(Collections.nCopies(6, FULL));

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(7);
  }

  @Test
  void aDiskThatStaysFullEndsTheJob() {
    failures.addAll(Collections.nCopies(100, FULL));

    assertThatThrownBy(() -> supervise(Duration.ofSeconds(1)))
        .isInstanceOf(JobFailure.class)
        .hasMessageContaining("a disk is full, of --checkpoint or of spark.local.dir")
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("spark.marketstream.longestOutage");
    assertThat(starts).hasValueGreaterThan(1);
  }

  @Test
  void thePausesBetweenFailuresInARowDouble() throws Exception {
    failures.addAll(List.of(OUTAGE, OUTAGE, OUTAGE));
    firstPause = Duration.ofMillis(100);
    long begin = System.nanoTime();

    supervise(Duration.ofMinutes(1));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(700));
  }

  @Test
  void aQueryThatWorksBetweenItsFailuresGoesOn() throws Exception {
    failures.addAll(List.of(OUTAGE, OUTAGE, OUTAGE, OUTAGE, OUTAGE));
    everyStartWorks = true;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(6);
  }

  @Test
  void whatARepetitionCannotMendEndsTheJobAtOnce() {
    failures.add(failure("set the source option \"failOnDataLoss\" to \"false\""));

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1)))
        .isInstanceOf(JobFailure.class)
        .hasMessageContaining("Kafka no longer holds records")
        .hasMessageContaining("failOnDataLoss=false");
    assertThat(starts).hasValue(1);
  }

  @Test
  void anOutageThatLastsTooLongEndsTheJobAndNamesWhoDoesNotAnswer() {
    failures.add(OUTAGE);
    refusals = Integer.MAX_VALUE;

    assertThatThrownBy(() -> supervise(Duration.ofMillis(1)))
        .isInstanceOf(JobFailure.class)
        .hasMessageContaining("Cassandra does not answer")
        .hasMessageContaining("spark.marketstream.longestOutage");
  }

  @Test
  void aBatchThatTakesTooLongHasItsTasksCancelledOnce() throws Exception {
    gate.enter(() -> true);
    endsAfterLooks = 4000;
    endsOnceCancelled = true;
    longestBatch = Duration.ofMillis(175);

    supervise(Duration.ofMinutes(1));

    assertThat(cancels).hasValue(1);
  }

  @Test
  void aBatchThatNothingCutsOffEndsTheJob() throws Exception {
    gate.enter(() -> true);
    endsAfterLooks = 4000;
    longestBatch = Duration.ofMillis(175);

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1)))
        .isInstanceOf(JobFailure.class)
        .hasMessageMatching(
            "the query has hung in one batch for \\d+ s, though .* start the job again");
    assertThat(cancels).hasValue(1);
  }

  @Test
  void aBatchThatIsNotTooLongKeepsItsTasks() throws Exception {
    gate.enter(() -> true);
    endsAfterLooks = 10;

    supervise(Duration.ofMinutes(1));

    assertThat(cancels).hasValue(0);
  }

  @Test
  void aQueryThatHangsBetweenBatchesEndsTheJobAndSparkIsQuoted() {
    endsAfterLooks = 4000;
    rests = false;
    longestBatch = Duration.ofMillis(175);

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1)))
        .isInstanceOf(JobFailure.class)
        .hasMessageMatching("the query has hung between two batches for \\d+ s.*")
        .hasMessageContaining("Getting offsets from KafkaV2")
        .hasMessageContaining("start the job again");
  }

  @Test
  void aQueryThatWaitsForRecordsIsLeftAlone() throws Exception {
    endsAfterLooks = 10;
    longestBatch = Duration.ofMillis(125);

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(1);
  }

  /** The topics are asked for again with each start, and Kafka may be away by then. */
  @Test
  void aStartThatFindsKafkaAwayIsTriedAgain() throws Exception {
    failures.add(OUTAGE);
    startsInVain = 2;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(4);
  }

  @Test
  void aTopicThatComesMakesTheQueryStartAgain() throws Exception {
    endsAfterLooks = 5;
    moreTopicsAfterLooks = 3;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(2);
    assertThat(stops).hasValue(1);
  }

  /** The stop comes between two batches, and what the query failed with before it counts. */
  @Test
  void aQueryThatFailedWhenATopicCameIsJudgedAsAnyOther() throws Exception {
    failures.add(OUTAGE);
    failsWhenStopped = true;
    endsAfterLooks = 1;
    moreTopicsAfterLooks = 1;
    refusals = 1;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(2);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aTopicThatComesWhileKafkaGoesIsReadWhenItIsBack() throws Exception {
    endsAfterLooks = 2;
    moreTopicsAfterLooks = 1;
    startsInVain = 2;

    supervise(Duration.ofMinutes(1));

    assertThat(starts).hasValue(4);
  }

  @Test
  void afterTheOrderToStopNothingIsStartedAgain() throws Exception {
    failures.add(OUTAGE);
    QuerySupervisor supervisor = supervisor(Duration.ofMinutes(1));
    supervisor.start();
    supervisor.stopRestarting();

    supervisor.run();

    assertThat(starts).hasValue(1);
  }

  private void supervise(Duration longestOutage) throws Exception {
    QuerySupervisor supervisor = supervisor(longestOutage);
    supervisor.start();
    supervisor.run();
  }

  private QuerySupervisor supervisor(Duration longestOutage) {
    return new QuerySupervisor(
        new FakeStarter(),
        () -> {
          if (asked.incrementAndGet() <= refusals) {
            throw new StartException("Cassandra does not answer at 127.0.0.1");
          }
        },
        gate,
        new QuerySupervisor.Patience(
            Duration.ofMillis(50), longestOutage, Duration.ofMillis(20), longestBatch, firstPause));
  }

  private class FakeStarter implements QuerySupervisor.Starter {
    @Override
    public RunningQuery start() {
      if (starts.incrementAndGet() > 1 && startsInVain-- > 0) {
        throw new StartException("Kafka does not answer at 127.0.0.1");
      }
      return new FakeQuery(failures.poll());
    }

    @Override
    public boolean findsMoreTopics() {
      return --moreTopicsAfterLooks == 0;
    }
  }

  /** Ends at once: with the failure, or in order where it is null. */
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
      if (stops.get() == 0 && endsAfterLooks-- > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        return false;
      }
      return true;
    }

    @Override
    public boolean hasWorked() {
      return everyStartWorks;
    }

    @Override
    public boolean isResting() {
      return rests;
    }

    @Override
    public String doing() {
      return "Getting offsets from KafkaV2";
    }

    @Override
    public void cancelTasks() {
      cancels.incrementAndGet();
      endsAfterLooks = endsOnceCancelled ? 0 : endsAfterLooks;
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
