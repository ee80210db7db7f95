package io.marketstream.local.measure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Latencies of a whole run and of its last seconds, in milliseconds. Safe for use by several
 * threads.
 */
public final class LatencyRecorder {
  /** How many {@link #endOfSecond} make up "the last seconds". */
  private static final int RECENT_SECONDS = 10;

  private static final long MAX_LATENCY_MS = 24L * 3600 * 1000;

  private final Histogram all = new Histogram(MAX_LATENCY_MS, 3);
  private final Deque<Histogram> seconds = new ArrayDeque<>();

  public LatencyRecorder() {
    seconds.addLast(new Histogram(MAX_LATENCY_MS, 3));
  }

  /** Milliseconds. */
  public record Quantiles(long p50, long p99, long max) {}

  /**
   * @param milliseconds clocks of one machine may step: below 0 counts as 0
   */
  synchronized void add(long milliseconds) {
    long bounded = Math.min(Math.max(milliseconds, 0), MAX_LATENCY_MS);
    all.recordValue(bounded);
    seconds.getLast().recordValue(bounded);
  }

  /** Called once a second: what is older than ten of these no longer counts as recent. */
  synchronized void endOfSecond() {
    Histogram next =
        seconds.size() < RECENT_SECONDS ? new Histogram(MAX_LATENCY_MS, 3) : seconds.removeFirst();
    next.reset();
    seconds.addLast(next);
  }

  /** Of the whole run; empty without any. */
  public synchronized Optional<Quantiles> whole() {
    return quantiles(all);
  }

  /** Of the last ten seconds; empty without any. */
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
