package io.marketstream.spark.stream;

import io.marketstream.spark.JobFailure;
import io.marketstream.spark.cassandra.WriteException;
import java.time.Duration;
import java.util.Arrays;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The query's failures since it last worked: how long to pause after each, and when it is enough.
 * What a store that answers refuses (too few replicas, say) and a full disk pass as an outage does,
 * and are borne for as long; anything else may fail a few times only. Belongs to one thread.
 */
final class FailureStreak {
  private static final Logger LOG = LoggerFactory.getLogger(FailureStreak.class);

  /** Of failures that no store caused. */
  private static final int MOST_FAILURES = 3;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 10;

  private final QuerySupervisor.Patience patience;
  private int failures;
  private int failuresOfOurs;
  private long since;

  FailureStreak(QuerySupervisor.Patience patience) {
    this.patience = patience;
  }

  /**
   * Takes note of a failure.
   *
   * @param hasWorked whether the query did anything between its last start and the failure, which
   *     ends the streak before
   * @return how long to wait before the query starts again
   * @throws JobFailure if starting again cannot mend it, with what to do about it, or if a store
   *     has refused for too long
   * @throws StreamingQueryException the failure itself, if it has come too often
   */
  Duration add(StreamingQueryException failure, boolean hasWorked) throws StreamingQueryException {
    FatalFailure.of(failure)
        .ifPresent(
            fatal -> {
              throw new JobFailure(fatal, failure);
            });
    if (hasWorked) {
      failures = 0;
      failuresOfOurs = 0;
    }
    long now = System.nanoTime();
    since = failures == 0 ? now : since;
    failures++;
    boolean isFull = FullDisk.isCauseOf(failure);
    if (isFull || isOfAStore(failure)) {
      failUnlessShort(Duration.ofNanos(now - since), isFull, failure);
    } else if (++failuresOfOurs > MOST_FAILURES) {
      throw failure;
    }
    Duration pause = pause();
    // Spark has logged the trace.
    LOG.warn(
        "the query failed ({} times without a batch between), starts again from its checkpoint in"
            + " {} ms: {}",
        failures,
        pause.toMillis(),
        rootMessage(failure));
    return pause;
  }

  private void failUnlessShort(Duration lasted, boolean isFull, StreamingQueryException failure) {
    if (lasted.compareTo(patience.longestOutage()) > 0) {
      throw new JobFailure(
          "the query has failed for "
              + lasted.toSeconds()
              + (isFull
                  ? " s: a disk is full, of --checkpoint or of spark.local.dir on driver or executor: "
                  : " s though Kafka and Cassandra answer: ")
              + rootMessage(failure)
              + " (see spark.marketstream.longestOutage)",
          failure);
    }
  }

  private Duration pause() {
    Duration pause =
        patience.firstPause().multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private static boolean isOfAStore(Throwable failure) {
    return isFrom("com.datastax.", failure)
        || isFrom(WriteException.class.getName(), failure)
        || isFrom("org.apache.kafka.", failure);
  }

  /** By name: an executor's exception reaches the driver as text. */
  private static boolean isFrom(String packages, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean named =
          String.valueOf(cause.getMessage()).contains(packages)
              || Arrays.stream(cause.getStackTrace())
                  .anyMatch(frame -> frame.getClassName().startsWith(packages));
      if (named) {
        return true;
      }
    }
    return false;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
