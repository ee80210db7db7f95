package io.marketstream.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.spark.JobFailure;
import java.time.Duration;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;

class FailureStreakTest {
  private static final Duration LONGEST_OUTAGE = Duration.ofMillis(50);

  private final FailureStreak streak =
      new FailureStreak(
          new QuerySupervisor.Patience(
              Duration.ofMillis(1),
              LONGEST_OUTAGE,
              Duration.ofMillis(1),
              Duration.ofSeconds(1),
              Duration.ofMillis(10)));

  /** Nothing is traded from Friday to Monday: two short outages are not one of a weekend. */
  @Test
  void failuresBetweenWhichTheQueryWorkedAreNoStreak() throws Exception {
    streak.add(refusal(), false);
    Thread.sleep(LONGEST_OUTAGE.multipliedBy(2).toMillis());

    assertThat(streak.add(refusal(), true)).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void failuresOneAfterTheOtherAreBorneForAsLongAsAnOutage() throws Exception {
    streak.add(refusal(), false);
    Thread.sleep(LONGEST_OUTAGE.multipliedBy(2).toMillis());

    assertThatThrownBy(() -> streak.add(refusal(), false)).isInstanceOf(JobFailure.class);
  }

  /** An answer that never came tells nothing of the driver. */
  @Test
  void silenceOfCassandraIsAnOutageToo() throws Exception {
    for (int i = 0; i < 8; i++) {
      streak.add(
          failure("io.marketstream.spark.cassandra.WriteException: Cassandra has not answered"),
          false);
    }
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
