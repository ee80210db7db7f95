package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.JobFailure;
import io.marketstream.spark.StartException;
import io.marketstream.spark.TestSettings;
import io.marketstream.spark.cassandra.CassandraKeyspace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QuerySupervisorTest {
  private static final StreamingQueryException OUTAGE = failure("no node was available");
  private static final StreamingQueryException REFUSAL =
      failure("com.datastax.oss.driver.api.core.servererrors.UnavailableException: 2 needed");

  private static final StreamingQueryException FULL = failure("No space left on device");

  private static SparkSession spark;

  private final Deque<StreamingQueryException> failures = new ArrayDeque<>();
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicInteger reconnects = new AtomicInteger();
  private final AtomicInteger cancels = new AtomicInteger();
  private final BatchGate gate = new BatchGate();
  private final AtomicInteger asked = new AtomicInteger();
  private int refusals;
  private int endsAfterLooks;
  private boolean endsOnceCancelled;
  private boolean rests = true;
  private boolean sessionIsWell = true;
  private Duration longestBatch = Duration.ofMinutes(1);
  private boolean everyStartWorks;
  private Duration firstPause = Duration.ofMillis(1);

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

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
            "(?s)query fold has failed for \\d+ s though Kafka and Cassandra answer.*")
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
        .hasMessageContaining("query fold: Kafka no longer holds records")
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
  void aFailureOfCassandrasDriverEndsItsSessionAndAnotherFailureDoesNot() throws Exception {
    failures.add(OUTAGE);
    supervise(Duration.ofMinutes(1));
    assertThat(reconnects).hasValue(0);

    failures.add(failure("com.datastax.oss.driver.api.core.AllNodesFailedException"));
    supervise(Duration.ofMinutes(1));
    assertThat(reconnects).hasValue(1);
  }

  /** Else two queries would end each other's sessions in turn, for ever. */
  @Test
  void aBatchThatBeganBeforeTheSessionWasEndedEndsNoOther() throws Exception {
    gate.enter("fold", () -> true);
    gate.leave("fold");
    failures.add(failure("com.datastax.oss.driver.api.core.AllNodesFailedException"));

    supervise(Duration.ofMinutes(1));

    assertThat(reconnects).hasValue(0);
  }

  @Test
  void aLongBatchIsLeftAloneWhileItsSessionIsWell() throws Exception {
    gate.enter("fold", () -> true);
    endsAfterLooks = 10;

    supervise(Duration.ofMinutes(1));

    assertThat(reconnects).hasValue(0);
  }

  @Test
  void aBatchWhoseSessionHangsIsCutOffOnce() throws Exception {
    gate.enter("fold", () -> true);
    endsAfterLooks = 10;
    sessionIsWell = false;

    supervise(Duration.ofMinutes(1));

    assertThat(reconnects).hasValue(1);
  }

  @Test
  void aBatchThatTakesTooLongIsCutOffWhateverItsSessionSays() throws Exception {
    gate.enter("fold", () -> true);
    endsAfterLooks = 5;
    longestBatch = Duration.ofMillis(125);

    supervise(Duration.ofMinutes(1));

    assertThat(reconnects).hasValue(1);
  }

  /** An executor waits on a session of its own, which the end of the driver's does not touch. */
  @Test
  void aBatchThatOutlivesItsSessionHasItsTasksCancelled() throws Exception {
    gate.enter("fold", () -> true);
    endsAfterLooks = 4000;
    endsOnceCancelled = true;
    sessionIsWell = false;
    longestBatch = Duration.ofMillis(175);

    supervise(Duration.ofMinutes(1));

    assertThat(reconnects).hasValue(1);
    assertThat(cancels).hasValue(1);
  }

  @Test
  void aBatchThatNothingCutsOffEndsTheJob() throws Exception {
    gate.enter("fold", () -> true);
    endsAfterLooks = 4000;
    longestBatch = Duration.ofMillis(175);

    assertThatThrownBy(() -> supervise(Duration.ofMinutes(1)))
        .isInstanceOf(JobFailure.class)
        .hasMessageMatching(
            "query fold has hung in one batch for \\d+ s, though .* start the job again");
    assertThat(cancels).hasValue(1);
  }

  @Test
  void aBatchThatIsNotTooLongKeepsItsTasks() throws Exception {
    gate.enter("fold", () -> true);
    endsAfterLooks = 10;
    sessionIsWell = false;

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
        .hasMessageMatching("query fold has hung between two batches for \\d+ s.*")
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

  /** It used to wait for the stores, for up to ten minutes, and nobody looked at the other. */
  @Test
  void theOtherQueryIsWatchedWhileOneWaitsForStores() throws Exception {
    refusals = Integer.MAX_VALUE;
    AtomicInteger looks = new AtomicInteger();
    RunningQuery failed = new FakeQuery(OUTAGE);
    RunningQuery other =
        new FakeQuery(null) {
          @Override
          public boolean awaitTermination(long millis) {
            if (looks.incrementAndGet() == 5) {
              refusals = 0; // only now everything answers
            }
            return looks.get() > 5;
          }
        };
    Deque<RunningQuery> queries = new ArrayDeque<>(List.of(failed, other, new FakeQuery(null)));
    CassandraKeyspace keyspace = new CassandraKeyspace("market_data", new SparkConf());
    QuerySupervisor supervisor =
        supervisor(
            Duration.ofMinutes(1),
            List.of(
                new TicksQuery(spark, TestSettings.settings(), keyspace),
                new FoldQuery(spark, TestSettings.settings(), keyspace)),
            started -> queries.remove());
    supervisor.start();
    supervisor.run();

    assertThat(looks).hasValueGreaterThan(5);
    assertThat(queries).isEmpty();
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
    MarketQuery query =
        new FoldQuery(
            spark, TestSettings.settings(), new CassandraKeyspace("market_data", new SparkConf()));
    return supervisor(
        longestOutage,
        List.of(query),
        started -> {
          starts.incrementAndGet();
          return new FakeQuery(failures.poll());
        });
  }

  private QuerySupervisor supervisor(
      Duration longestOutage, List<MarketQuery> queries, QuerySupervisor.Starter starter) {
    return new QuerySupervisor(
        queries,
        starter,
        new QuerySupervisor.Stores() {
          @Override
          public void check() {
            if (asked.incrementAndGet() <= refusals) {
              throw new StartException("Cassandra does not answer at 127.0.0.1");
            }
          }

          @Override
          public boolean refreshes() {
            return sessionIsWell;
          }

          @Override
          public void reconnect() {
            reconnects.incrementAndGet();
          }
        },
        gate,
        new QuerySupervisor.Patience(
            Duration.ofMillis(50),
            longestOutage,
            Duration.ofMillis(20),
            Duration.ofMillis(75),
            longestBatch,
            firstPause));
  }

  /** Ends at once: with the failure, or in order where it is null. */
  private class FakeQuery implements RunningQuery {
    private final StreamingQueryException failure;

    FakeQuery(StreamingQueryException failure) {
      this.failure = failure;
    }

    @Override
    public boolean awaitTermination(long millis) throws StreamingQueryException {
      if (failure != null) {
        throw failure;
      }
      if (endsAfterLooks-- > 0) {
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
    public void stop() {}
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
