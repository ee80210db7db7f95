package io.marketstream.local.measure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Records latencies in milliseconds, of a whole run and of its last ten seconds. Safe for use by
 * several threads.
 */
public final class LatencyRecorder {
  /** The number of seconds that count as recent. */
  private static final int RECENT_SECONDS = 10;

  private static final long MAX_LATENCY_MS = 24L * 3600 * 1000;

  private final Histogram all = new Histogram(MAX_LATENCY_MS, 3);
  private final Deque<Histogram> seconds = new ArrayDeque<>();

  public LatencyRecorder() {
    seconds.addLast(new Histogram(MAX_LATENCY_MS, 3));
  }

  /** Quantiles in milliseconds. */
  public record Quantiles(long p50, long p99, long max) {}

  /** Adds a latency. A negative one, from a clock that was set back, counts as 0. */
  synchronized void add(long milliseconds) {
    long bounded = Math.min(Math.max(milliseconds, 0), MAX_LATENCY_MS);
    all.recordValue(bounded);
    seconds.getLast().recordValue(bounded);
  }

  /** Ends a second. Call it once per second: the last ten seconds count as recent. */
  synchronized void endOfSecond() {
    Histogram next =
        seconds.size() < RECENT_SECONDS ? new Histogram(MAX_LATENCY_MS, 3) : seconds.removeFirst();
    next.reset();
    seconds.addLast(next);
  }

  /** Returns the quantiles of the whole run, or empty without latencies. */
  public synchronized Optional<Quantiles> whole() {
    return quantiles(all);
  }

  /** Returns the quantiles of the last ten seconds, or empty without latencies. */
  public synchronized Optional<Quantiles> recent() {
    Histogram sum = new Histogram(MAX_LATENCY_MS, 3);
    seconds.forEach(sum::add);
    return quantiles(sum);
  }

  private static Optional<Quantiles> quantiles(Histogram histogram) {
    return histogram.getTotalCount() == 0
        ? Optional.empty()
        : Optional.of(
            new Quantiles(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getMaxValue()));
  }
}
