package io.marketstream.pipeline;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The newest ticks of each feed that can be read from {@code latest_ticks}. */
final class ArrivingTicks {

  private final CqlSession cassandra;
  private final List<String> sources;

  /**
   * @param cassandra a session that uses the pipeline's keyspace
   */
  ArrivingTicks(CqlSession cassandra, List<String> sources) {
    this.cassandra = cassandra;
    this.sources = List.copyOf(sources);
  }

  /** Waits until a tick of each feed that was received after this moment can be read. */
  void awaitOfAllSince(Instant moment, Duration bound) {
    for (String source : sources) {
      await("rows of " + source + " received after " + moment)
          .atMost(bound)
          .pollInterval(Duration.ofMillis(250))
          .ignoreExceptions() // Cassandra may still be starting
          .until(() -> newest(source).isAfter(moment));
    }
  }

  /**
   * Returns when the newest tick of a feed was received, or {@link Instant#EPOCH} if there is none.
   */
  Instant newest(String source) {
    Instant newest = Instant.EPOCH;
    for (Row row :
        cassandra.execute("SELECT received_at FROM latest_ticks WHERE source = ?", source)) {
      Instant received = row.getInstant("received_at");
      newest = received.isAfter(newest) ? received : newest;
    }
    return newest;
  }
}
