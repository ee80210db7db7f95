package io.marketstream.local.console;

import io.marketstream.local.measure.LatencyRecorder;
import io.marketstream.local.measure.LatestPrice;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of a running pipeline, as the console shows it.
 *
 * @param now when the state was read
 * @param feeds which feed is live and which is simulated
 * @param page the address of the web page
 * @param running the time since the first tick was read back
 * @param wanted how long to run; empty for no limit
 * @param ticks rows read back from Cassandra
 * @param ticksPerSecond rows of the last seconds, per second
 * @param latency of the last ten seconds; empty when nothing arrived
 * @param gaps recorded in this run
 * @param rejected in this run
 * @param notice a current problem; empty if there is none
 * @param prices the newest per symbol
 */
public record Snapshot(
    Instant now,
    String feeds,
    URI page,
    Duration running,
    Optional<Duration> wanted,
    long ticks,
    double ticksPerSecond,
    Optional<LatencyRecorder.Quantiles> latency,
    long gaps,
    long rejected,
    Optional<String> notice,
    List<LatestPrice> prices) {

  public Snapshot {
    prices = List.copyOf(prices);
  }
}
