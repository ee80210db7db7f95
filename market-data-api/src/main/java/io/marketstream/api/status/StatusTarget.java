package io.marketstream.api.status;

import io.marketstream.api.cassandra.ClusterSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to look at. A part that is empty was not named.
 *
 * @param maxDelay the largest lag of the job, and latency, that is healthy
 * @param timeout for all parts together
 */
public record StatusTarget(
    Optional<Connect> connect,
    Optional<Kafka> kafka,
    Optional<ClusterSettings> cassandra,
    Duration maxDelay,
    Duration timeout) {

  /** Workers of one or more Connect clusters, and the login for them. */
  public record Connect(List<URI> workers, Optional<ClusterSettings.Login> login) {}

  /**
   * A Kafka cluster.
   *
   * @param settings of its clients, with the brokers
   * @param ticks the topics of ticks
   */
  public record Kafka(
      Map<String, Object> settings, List<String> ticks, String gaps, String heartbeats) {}
}
