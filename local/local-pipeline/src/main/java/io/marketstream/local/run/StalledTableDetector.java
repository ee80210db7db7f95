package io.marketstream.local.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Detects that no new row reaches Cassandra although ticks are sent. Used by one thread. */
final class StalledTableDetector {
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(10);

  private long rows = -1;
  private Instant lastProgress = Instant.MIN;

  /**
   * Compares the number of rows with the last check.
   *
   * @param now when the rows were counted
   * @param count rows in Cassandra
   * @param expected whether rows should come
   * @return a message if the table has stalled; empty while rows come or none are expected
   */
  Optional<String> check(Instant now, long count, boolean expected) {
    if (count != rows || !expected) {
      rows = count;
      lastProgress = now;
      return Optional.empty();
    }
    Duration silence = Duration.between(lastProgress, now);
    return silence.compareTo(STALL_TIMEOUT) < 0
        ? Optional.empty()
        : Optional.of(
            "no new row in Cassandra for "
                + silence.toSeconds()
                + " s: a component does not answer (see logs/)");
  }
}
