package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.failure.JobFailedException;
import java.time.Duration;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
  private static final Duration MAX_OUTAGE = Duration.ofMillis(50);

  private long nanoTime;
  private final RestartPolicy policy =
      new RestartPolicy(
          new SupervisorTimeouts(
              Duration.ofMillis(1),
              MAX_OUTAGE,
              Duration.ofMillis(1),
              Duration.ofSeconds(1),
              Duration.ofMillis(10)),
          () -> nanoTime);

  /** Two short outages, one before and one after a weekend, are not one long outage. */
  @Test
  void progressBetweenFailuresResetsThePolicy() throws Exception {
    policy.onFailure(refusal(), false);
    nanoTime += MAX_OUTAGE.multipliedBy(2).toNanos();

    assertThat(policy.onFailure(refusal(), true)).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void failuresInARowAreToleratedLikeAnOutage() throws Exception {
    policy.onFailure(refusal(), false);
    nanoTime += MAX_OUTAGE.multipliedBy(2).toNanos();

    assertThatThrownBy(() -> policy.onFailure(refusal(), false))
        .isInstanceOf(JobFailedException.class);
  }

  /** A timeout has no node's answer, but counts as an outage. */
  @Test
  void aTimeoutOfCassandraIsAnOutageToo() throws Exception {
    for (int i = 0; i < 8; i++) {
      policy.onFailure(
          failure("io.marketstream.spark.cassandra.WriteException: Cassandra has not answered"),
          false);
    }
  }

  /** The sender interrupts a task that waits in Kafka. */
  @Test
  void anInterruptIsExplainedByWhatFailedWhenTheTaskWasClosed() {
    Exception interrupted = new RuntimeException("in poll", new InterruptedException());
    RuntimeException failure = new RuntimeException("Job aborted", interrupted);
    assertThat(RestartPolicy.rootMessage(failure)).isEqualTo("in poll");

    interrupted.addSuppressed(
        new IllegalStateException(
            "a record could not be stored", new IllegalStateException("no replicas\nat a.B.c")));

    assertThat(RestartPolicy.rootMessage(failure)).isEqualTo("no replicas");
  }

  @Test
  void aFailureWithoutAnyMessageIsItsClass() {
    assertThat(RestartPolicy.rootMessage(new InterruptedException()))
        .isEqualTo("java.lang.InterruptedException");
  }

  private static StreamingQueryException refusal() {
    return failure("com.datastax.oss.driver.api.core.servererrors.UnavailableException");
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
