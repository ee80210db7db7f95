package io.marketstream.local.console;

import io.marketstream.local.measure.LatencyRecorder;
import io.marketstream.local.measure.LatestPrice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the console shows of a running pipeline.
 *
 * @param now when this was read
 * @param feeds which feed is live and which is simulated
 * @param running since the first tick was read back
 * @param wanted how long it shall run; empty for until Ctrl-C
 * @param ticks rows read back from Cassandra
 * @param ticksPerSecond rows of the last seconds, per second
 * @param latency of the last ten seconds; empty when nothing arrived
 * @param gaps recorded in this run
 * @param rejected in this run
 * @param notice something that is wrong just now; empty when all is well
 * @param prices the newest per symbol
 */
public record Snapshot(
    Instant now,
    String feeds,
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
