package io.marketstream.spark.stream;

import io.marketstream.spark.cassandra.WriteException;
import io.marketstream.spark.failure.JobFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides after each failure of the query how long to wait before a restart, and when to give up.
 *
 * <p>It counts failures since the query last made progress. A full disk, or a store that answers
 * but refuses requests (too few replicas, for example), counts as an outage and is tolerated as
 * long as one. Any other failure is tolerated a few times.
 *
 * <p>For one thread.
 */
final class RestartPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(RestartPolicy.class);

  /** Maximum number of failures in a row that no store caused. */
  private static final int MAX_FAILURES = 3;

  private static final Duration MAX_DELAY = Duration.ofSeconds(30);
  private static final int MAX_DOUBLINGS = 10;

  private final SupervisorTimeouts timeouts;
  private final LongSupplier nanoTime;
  private int failures;
  private int otherFailures;
  private long since;

  RestartPolicy(SupervisorTimeouts timeouts) {
    this(timeouts, System::nanoTime);
  }

  /**
   * @param nanoTime returns what {@link System#nanoTime} returns
   */
  RestartPolicy(SupervisorTimeouts timeouts, LongSupplier nanoTime) {
    this.timeouts = timeouts;
    this.nanoTime = nanoTime;
  }

  /**
   * Adds a failure.
   *
   * @param madeProgress whether the query made progress between its last start and the failure
   * @return how long to wait before the query is restarted
   * @throws JobFailedException if a restart cannot help, or if a store has refused for too long
   * @throws StreamingQueryException the failure itself, if there were too many
   */
  Duration onFailure(StreamingQueryException failure, boolean madeProgress)
      throws StreamingQueryException {
    UnrecoverableFailure.messageFor(failure)
        .ifPresent(
            fatal -> {
              throw new JobFailedException(fatal, failure);
            });
    if (madeProgress) {
      failures = 0;
      otherFailures = 0;
    }
    long now = nanoTime.getAsLong();
    since = failures == 0 ? now : since;
    failures++;
    boolean isFull = FullDiskFailure.isCauseOf(failure);
    if (isFull || isCausedByStore(failure)) {
      failIfTooLong(Duration.ofNanos(now - since), isFull, failure);
    } else if (++otherFailures > MAX_FAILURES) {
      throw failure;
    }
    Duration delay = delay();
    // Spark has logged the stack trace.
    LOG.warn(
        "the query failed ({} times in a row) and restarts from its checkpoint in {} ms: {}",
        failures,
        delay.toMillis(),
        rootMessage(failure));
    return delay;
  }

  private void failIfTooLong(Duration lasted, boolean isFull, StreamingQueryException failure) {
    if (lasted.compareTo(timeouts.maxOutage()) > 0) {
      throw new JobFailedException(
          "the query has failed for "
              + lasted.toSeconds()
              + (isFull
                  ? " s because a disk is full (of --checkpoint, or of spark.local.dir on the driver or"
                      + " an executor): "
                  : " s although Kafka and Cassandra answer: ")
              + rootMessage(failure)
              + " (see spark.marketstream.longestOutage)",
          failure);
    }
  }

  private Duration delay() {
    Duration delay =
        timeouts.firstRestartDelay().multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    return delay.compareTo(MAX_DELAY) < 0 ? delay : MAX_DELAY;
  }

  private static boolean isCausedByStore(Throwable failure) {
    return mentions("com.datastax.", failure)
        || mentions(WriteException.class.getName(), failure)
        || mentions("org.apache.kafka.", failure);
  }

  /** Searches for the name, because exceptions of executors reach the driver as text. */
  private static boolean mentions(String packages, Throwable failure) {
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

  /**
   * Returns the first line of the innermost message.
   *
   * <p>An interrupt has no message. Its reason is then a suppressed exception, because Spark adds
   * to a failure what a writer throws when it is closed.
   */
  static String rootMessage(Throwable failure) {
    Deque<Throwable> innermostFirst = new ArrayDeque<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermostFirst.push(cause);
    }
    if (innermostFirst.element().getMessage() == null) {
      for (Throwable cause : innermostFirst) {
        if (cause.getSuppressed().length > 0) {
          return rootMessage(cause.getSuppressed()[0]);
        }
      }
    }
    return innermostFirst.stream()
        .map(Throwable::getMessage)
        .filter(Objects::nonNull)
        .flatMap(String::lines)
        .findFirst()
        .orElse(innermostFirst.element().getClass().getName());
  }
}
