package io.marketstream.local.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Notices that no new row comes although ticks are sent. Used by one thread. */
final class StalledTableDetector {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private long rows = -1;
  private Instant newest;

  /**
   * @param now when the rows were counted
   * @param count rows in Cassandra
   * @param waiting whether there is something to be written
   * @return what to say; empty while rows come or none can be expected
   */
  Optional<String> look(Instant now, long count, boolean waiting) {
    if (count != rows || newest == null || !waiting) {
      rows = count;
      newest = now;
      return Optional.empty();
    }
    Duration silence = Duration.between(newest, now);
    return silence.compareTo(PATIENCE) < 0
        ? Optional.empty()
        : Optional.of(
            "no new row in Cassandra for "
                + silence.toSeconds()
                + " s: a component does not answer (see logs/)");
  }
}
